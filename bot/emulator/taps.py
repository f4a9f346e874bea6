"""Which button a person taps, and what LINE then does."""

from bot.emulator.acts import ActError, Done, Place, say, write
from bot.emulator.events import new_event, source_of
from bot.emulator.limits_actions import picked_moment
from bot.emulator.reading import Button, buttons
from bot.emulator.state import Json, Post, World


def find_button(world: World, where: Place, wanted: Json) -> tuple[Post, Button]:
    """Return the newest button, with its post, that fits all that is given of it.

    `wanted` may hold messageId, label, data, near and index.  Quick replies count only while
    their message is the newest of the chat and none of them was tapped.

    Raises:
        ActError: (404) when there is none.
    """
    shown = world.visible(where.chat)
    for post in reversed(shown):
        if post.sender or wanted.get("messageId", post.message_id) != post.message_id:
            continue
        has_quick = post is shown[-1] and not post.is_quick_tapped
        for button in buttons(post.message):
            if (has_quick or not button.is_quick_reply) and _fits(button, wanted):
                return post, button
    asked = ", ".join(f"{name} {value!r}" for name, value in wanted.items())
    raise ActError(f"nothing to tap in this chat has {asked}", 404)


def tap(world: World, where: Place, wanted: Json, params: Json | None) -> Done:
    """Do what the wanted button does when this person taps it; `params` are a picker's.

    Raises:
        ActError: when there is no such button (404), or the picker does not offer `params`.
    """
    post, button = find_button(world, where, wanted)
    done = _performed(world, where, button, params)
    post.is_quick_tapped = post.is_quick_tapped or button.is_quick_reply
    return done


def _performed(world: World, where: Place, button: Button, params: Json | None) -> Done:
    action = button.action
    told: Json = {"action": action["type"], "label": button.label}
    if action["type"] == "message":
        done = say(world, where, action["text"])
    elif action["type"] == "postback":
        done = _postback(world, where, action, None)
        told |= {"fillInText": action["fillInText"]} if "fillInText" in action else {}
    elif action["type"] == "datetimepicker":
        done = _postback(world, where, action, _picked(action, params))
    else:
        shown = ("uri", "clipboardText")
        done = Done([], {name: action[name] for name in shown if name in action})
    return Done(done.event_ids, told | done.told)


def _fits(button: Button, wanted: Json) -> bool:
    return (
        wanted.get("label", button.label) == button.label
        and wanted.get("data", button.action.get("data")) == button.action.get("data")
        and wanted.get("index", button.index) == button.index
        and wanted.get("near", "") in button.near
    )


def _postback(world: World, where: Place, action: Json, params: Json | None) -> Done:
    if "displayText" in action:
        write(world, where, "text", action["displayText"])
    # The deprecated `text` is a message of the person's own, told as one.
    before = say(world, where, action["text"]).event_ids if "text" in action else []
    if not where.is_heard:
        return Done(before)
    is_named = where.group is None or world.options.postback_user_id_in_groups
    source = source_of(where.person if is_named else None, where.group)
    content: Json = {"data": action["data"], **({"params": params} if params else {})}
    return Done([*before, new_event(world, "postback", source, postback=content)])


def _picked(action: Json, params: Json | None) -> Json:
    """Return the params of a datetime picker's postback, checked as the dialog would."""
    mode = action["mode"]
    value = (params or {}).get(mode)
    moment = picked_moment(value, mode) if isinstance(value, str) else None
    if moment is None:
        raise ActError(f"params must give a {mode} for this picker")
    for end, is_outside in (("min", moment.__lt__), ("max", moment.__gt__)):
        limit = picked_moment(action[end], mode) if end in action else None
        if limit is not None and is_outside(limit):
            raise ActError(f"the picker's {end} is {action[end]}")
    return {mode: value}
