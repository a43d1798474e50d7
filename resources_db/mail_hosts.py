"""Hosts where anybody gets a mail address or a page: an address there shows nothing about an agency. Pure."""

FREE_MAIL = frozenset(
    """
    aim.com aol.com att.net bellsouth.net charter.net cinci.rr.com comcast.net cox.net duck.com earthlink.net email.com
    fastmail.com frontier.com fuse.net gmail.com gmx.com gmx.net googlemail.com hey.com hotmail.com icloud.com inbox.com
    juno.com live.com mac.com mail.com mail.ru me.com msn.com netzero.net optonline.net outlook.com pm.me proton.me
    protonmail.com qq.com roadrunner.com rocketmail.com sbcglobal.net tuta.io tutanota.com twc.com verizon.net
    windstream.net yahoo.com yandex.com ymail.com zoho.com zoominternet.net zoomtown.com
    """.split()
)
SHARED_SITES = frozenset(
    """
    business.site facebook.com github.io godaddysites.com google.com instagram.com jimdofree.com linktr.ee medium.com
    site123.me sites.google.com square.site squarespace.com tumblr.com twitter.com webs.com weebly.com wix.com
    wixsite.com wordpress.com x.com yolasite.com youtube.com
    """.split()
)


def host_of(address: str) -> str:
    """The host of a mail or web address, without www; "" where there is none."""
    text = address.strip().lower()
    if "@" in text:
        return text.rpartition("@")[2]
    host = text.partition("//")[2] or text
    return host.partition("/")[0].partition(":")[0].removeprefix("www.")


def shows_who(host: str) -> bool:
    """Whether only people of one agency have an address on this host."""
    shared = FREE_MAIL | SHARED_SITES
    return "." in host and not any(host == one or host.endswith(f".{one}") for one in shared)
