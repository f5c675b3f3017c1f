"""Encodings of other scripts, told by short headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.series.tables.sheet import read_sheet


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("gb18030", "日期,销量,城市"),
        ("gb18030", "时间,电力负荷"),
        ("gb18030", "日期,收盘价"),
        ("big5", "日期,銷售量"),
        ("euc_kr", "날짜,판매량"),
        ("euc_kr", "시간,전력 수요"),
        ("euc_jp", "日付,売上高"),
        ("shift_jis", "年月日,店舗"),
        ("koi8_r", "Дата,Продажи"),
        ("cp1251", "Дата,Продажи"),
        ("cp1253", "Ημερομηνία,Πωλήσεις"),
        ("tis_620", "วันที่,ยอดขาย"),
        ("cp1256", "التاريخ,المبيعات"),
        ("cp1252", "größe,température"),
        ("cp1252", "señal,São Paulo"),
    ],
)
@pytest.mark.parametrize("rows", [2, 40])
def test_the_encoding_of_a_header_is_found(tmp_path: Path, encoding: str, header: str, rows: int) -> None:
    """And named."""
    last = header.rpartition(",")[2]
    text = f"{header}\n" + "".join(f"2022-01-01{',5' * header.count(',')}\n" for _ in range(rows)) + f"{last},5\n"
    (tmp_path / "s.csv").write_bytes(text.encode(encoding))
    sheet = read_sheet(tmp_path / "s.csv", "s.csv")
    assert sheet.cells[0] == header.split(",")
    assert f"was read as {encoding}" in sheet.notes[0]
