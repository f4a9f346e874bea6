"""A link is kept where it leads to the public web by its looks, and refused in any disguise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.links import LONGEST, public_link


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param(
            "https://www.maeram.go.th/oit/1", "https://www.maeram.go.th/oit/1", id="plain"
        ),
        pytest.param("HTTP://WWW.Maeram.GO.TH/A", "http://www.maeram.go.th/A", id="capitals"),
        pytest.param(" https://a.go.th ", "https://a.go.th", id="spaces around"),
        pytest.param("https://a.go.th.:8443/x", "https://a.go.th:8443/x", id="port, final dot"),
        pytest.param(
            "https://a.go.th/ประกาศ?ข้อ=๑#ท้าย", "https://a.go.th/ประกาศ?ข้อ=๑#ท้าย", id="Thai"
        ),
        pytest.param("https://a.go.th/@y?u=http://10.0.0.1", "", id="an address in its question"),
        pytest.param("https://รู้จัก.ไทย/", "https://xn--12cn4frcvb5f.xn--o3cw4h/", id=".ไทย"),
        pytest.param(
            "https://\u0430pple.com", "https://xn--pple-43d.com", id="a Cyrillic letter shows"
        ),
        pytest.param(
            "https://\uff37\uff37\uff37\uff0ea.go.th", "https://www.a.go.th", id="wide letters"
        ),
    ],
)
def test_a_public_link_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert public_link(written) == (kept or written)


@pytest.mark.parametrize(
    "written",
    [
        "ftp://a.go.th",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//a.go.th/x",
        "www.a.go.th",
        "https://",
        "https:///a.go.th",
        "https://user@a.go.th",
        "https://a.go.th@10.0.0.1/",
        "https://user:secret@a.go.th",
        "http://127.0.0.1/",
        "http://10.0.0.1",
        "http://192.168.1.1:8080/admin",
        "http://169.254.169.254/latest/meta-data",
        "http://8.8.8.8/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://1.2.3.0x4/",
        "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://127\u30020\u30020\u30021/",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.x]/",
        "http://localhost/",
        "http://LOCALHOST:5000/",
        "http://localhost./",
        "http://db.localhost/",
        "http://intranet/",
        "http://nas.local/",
        "http://erp.internal/",
        "http://pc.lan/",
        "http://router.home.arpa/",
        "http://a.localdomain/",
        "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",
        "http://a.l\u00adocal/",
        "http://a..go.th/",
        "http://-a.go.th/",
        "http://a_b.go.th/",
        "http://a.go.th%2e/",
        "http://127.0.0.1%00.go.th/",
        "http://a.go.th\\@10.0.0.1/",
        "http://a.go.th/\u202egpj.exe",
        "http://a.go.th/a\u200bb",
        "http://a.go.th/a b",
        "http://a.go.th/\nx",
        "http://a.go.\tth/\tx",
        "http://a.go.th/<script>",
        "http://a.go.th:0/",
        "http://a.go.th:99999/",
        "http://a.go.th:x/",
        "http://" + "a" * 64 + ".go.th/",
        "http://" + "a." * 130 + "go.th/",
        "https://a.go.th/" + "x" * LONGEST,
        "",
    ],
)
def test_what_may_lead_elsewhere_is_refused(written: str) -> None:
    assert public_link(written) is None


@given(st.text(max_size=40), st.text(alphabet="0123456789abcxABCX.๑๒[]:%@\\/", max_size=30))
def test_whatever_is_written_what_is_kept_is_kept_again(path: str, host: str) -> None:
    kept = public_link(f"https://{host}/{path}")

    assert kept is None or public_link(kept) == kept
