"""The demo's thousand customers: `python -m gateway.demo.customers` writes data/customers.csv, always the same."""

import csv
import random
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"
CUSTOMERS: Final = DATA / "customers.csv"
COLUMNS: Final = ("phone", "customer", "order_code", "date", "total")
COUNT: Final = 1000
SEED: Final = 20261121
# The sandbox gives each of these numbers a fate of its own (`GET <sandbox>/_/accounts`, `magic`).
MAGIC: Final = tuple(f"849000000{number:02d}" for number in range(1, 12))

FAMILY: Final = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()  # noqa: SIM905
MIDDLE: Final = "Thị Văn Hữu Đức Minh Ngọc Thanh Quốc Gia Kim Xuân Thu Phương Bảo".split()  # noqa: SIM905
GIVEN: Final = (  # noqa: SIM905
    "An Ánh Bích Châu Cường Dũng Đạt Giang Hà Hạnh Hiếu Hoà Hùng Khánh Lan Linh Long Mai Nam Ngân Nhung Oanh Phúc "
    "Quỳnh Sơn Tâm Thảo Thuỷ Trang Tú Tuấn Uyên Vân Việt Vy Yến"
).split()
PREFIXES: Final = "8432 8434 8437 8456 8458 8470 8476 8479 8481 8485 8489 8491 8494 8497 8498".split()  # noqa: SIM905


def customers() -> list[dict[str, str]]:
    """Return the rows: the magic recipients are spread evenly among ordinary numbers, no number comes twice."""
    chance = random.Random(SEED)  # noqa: S311  the same file every time is the point
    phones: dict[str, None] = {}
    while len(phones) < COUNT - len(MAGIC):
        phones[chance.choice(PREFIXES) + f"{chance.randrange(10_000_000):07d}"] = None
    numbers = list(phones)
    for index, magic in enumerate(MAGIC):
        numbers.insert(index * COUNT // len(MAGIC), magic)
    return [_customer(chance, phone, row) for row, phone in enumerate(numbers, start=1)]


def read_customers() -> list[dict[str, str]]:
    """Return the rows of the file in the repository."""
    with CUSTOMERS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_customers(path: Path) -> None:
    """Write the rows with their head line as CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(customers())


def _customer(chance: random.Random, phone: str, row: int) -> dict[str, str]:
    return {
        "phone": phone,
        "customer": " ".join(chance.choice(names) for names in (FAMILY, MIDDLE, GIVEN)),
        "order_code": f"DH-2026-{row:04d}",
        "date": f"{chance.randint(1, 30):02d}/11/2026",
        "total": str(chance.randrange(50, 5000) * 1000),
    }


if __name__ == "__main__":
    write_customers(CUSTOMERS)
