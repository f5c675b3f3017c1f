"""Which encoding of another script some bytes are in: charset-normalizer's candidates, the plausible ones first.

Bytes of Chinese are valid Korean, those of Cyrillic valid Greek, and measures made for long texts do not tell those of
a header apart. What its letters are does: of one script, in whole words, and the usual ones of tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

#: of the letters beyond ASCII that must be those of a script, so that it is plausible
MOSTLY = 0.9
#: what charset-normalizer's own first candidate is worth, and an alphabet, whose words are as much as usual characters
FIRST, WORDS = 0.25, 0.2
#: a rate that is certain with a few letters alone
SURE = 1.5
_WORD = re.compile(r"[^\W\d_]+")
#: characters of tables: days, times, sales, prices, weather, energy
_CHINESE = frozenset(
    "日期时间年月份周季度天小数据量值价格销售额收入温气压风速雨流电力负荷功率用户城市地区编号名称类型总计平均最高低开盘收成交金额指产"
)
_TAIWANESE = frozenset(
    "日期時間年月份週季度天小數據量值價格銷售額收入溫氣壓風速雨流電力負荷功率用戶城市地區編號名稱類型總計平均最高低開盤"
)
_JAPANESE = frozenset(
    "日付時間年月曜週季度売上高数量値段価格気温湿圧風速雨電力需要負荷客店舗名番号地区種類合計平均最低予測実績終始株"
)
_KOREAN = frozenset(
    "날짜일자시간년월주분기판매량매출수요가격온도습기압풍속강전력부하고객지역이름번호합계평균최저점종류금액다의는로을서한은"
)


def likely(sample: bytes, among: Sequence[str], *, few: bool = False) -> list[str]:
    """Return the encodings of some that bytes may be in, the most likely first.

    Args:
        sample: the lines of a file that have bytes beyond ASCII.
        among: the encodings, as Python calls them.
        few: whether these are so few letters that only what is sure counts.
    """
    from charset_normalizer import from_bytes

    rated = {one: _rate(sample, one) for one in among if one in _SCRIPTS}
    if few:
        return sorted((one for one in rated if rated[one] >= SURE), key=lambda one: -rated[one])
    found = [one.encoding for one in from_bytes(sample, cp_isolation=list(among))]
    plausible = {one: rate + FIRST * (found[:1] == [one]) for one, rate in rated.items() if rate >= MOSTLY}
    best = sorted(plausible, key=lambda one: -plausible[one])
    return [*best, *(one for one in found if one not in rated)]


def _rate(sample: bytes, encoding: str) -> float:
    """Return the share of the letters beyond ASCII that are of the script, and of those that are usual in tables."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    return _SCRIPTS[encoding](text) if any(not letter.isascii() for letter in text) else 0.0


def _share(letters: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, letters)) / len(letters) if letters else 0.0


def _beyond(text: str) -> list[str]:
    return [letter for letter in dict.fromkeys(text) if not letter.isascii() and not letter.isspace()]


def _with_usual(text: str, usual: frozenset[str], fits: Callable[[str], bool]) -> float:
    """Rate a script of thousands of characters."""
    letters = _beyond(text)
    share = _share([letter for letter in letters if letter.isalpha()], fits)
    return share + _share(letters, usual.__contains__) if share >= MOSTLY else 0.0


def _first_level(letter: str, encoding: str, first: int, last: int) -> bool:
    """Return whether a character is among the usual ones, which its encoding has first."""
    return first <= letter.encode(encoding)[0] <= last


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"


def _is_japanese(letter: str) -> bool:
    """Return whether a character is kana or among the usual kanji; narrow kana stand for other encodings' bytes."""
    return "\u3041" <= letter <= "\u30ff" or _first_level(letter, "shift_jis", 0x88, 0x97)


def _alphabet(text: str, first: str, last: str) -> float:
    """Rate an alphabet: its words have no other letters, and no capitals behind small ones."""
    words = [word for word in dict.fromkeys(_WORD.findall(text)) if not word.isascii()]
    good = sum(len(word) for word in words if all(first <= letter <= last for letter in word) and _is_cased(word))
    marks = sum(not first <= mark <= last for mark in _beyond(text) if not mark.isalpha())
    share = good / (sum(map(len, words)) + marks) if words else 0.0
    return share + WORDS if share >= MOSTLY else 0.0


def _is_cased(word: str) -> bool:
    return word in (word.lower(), word.upper(), word.capitalize())


#: encodings of one script -> its rate of a text
_SCRIPTS: dict[str, Callable[[str], float]] = {
    "gb18030": partial(
        _with_usual, usual=_CHINESE, fits=partial(_first_level, encoding="gb18030", first=0xB0, last=0xD7)
    ),
    "big5": partial(_with_usual, usual=_TAIWANESE, fits=partial(_first_level, encoding="big5", first=0xA4, last=0xC6)),
    "shift_jis": partial(_with_usual, usual=_JAPANESE, fits=_is_japanese),
    "euc_jp": partial(_with_usual, usual=_JAPANESE, fits=_is_japanese),
    "euc_kr": partial(_with_usual, usual=_KOREAN, fits=_is_hangul),
    "cp1251": partial(_alphabet, first="\u0400", last="\u04ff"),
    "koi8_r": partial(_alphabet, first="\u0400", last="\u04ff"),
    "cp1253": partial(_alphabet, first="\u0370", last="\u03ff"),
    "cp1255": partial(_alphabet, first="\u05d0", last="\u05ea"),
    "cp1256": partial(_alphabet, first="\u0621", last="\u064a"),
    "tis_620": partial(_alphabet, first="\u0e00", last="\u0e7f"),
}
