"""Wording around files that people fetch by a link."""

LINK_IS_OVER = "ลิงก์นี้หมดอายุหรือใช้ไม่ได้แล้ว กรุณาขอลิงก์ใหม่จากบอตใน LINE"
