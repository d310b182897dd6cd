"""What may be deployed: a zip of the Mini App's files with the files at its root (zalo-mini-app.md section 7)."""

import io
import zipfile
from typing import Final

LARGEST: Final = 10 << 20
LARGEST_FILE: Final = 3 << 20


def check_package(archive: bytes) -> None:
    """Return if `archive` can be deployed. Raises ValueError."""
    if len(archive) > LARGEST:
        raise ValueError(f"file: the package is over {LARGEST >> 20} MB")
    try:
        entries = [entry for entry in zipfile.ZipFile(io.BytesIO(archive)).infolist() if not entry.is_dir()]
    except zipfile.BadZipFile:
        raise ValueError("file: is no zip archive") from None
    if not any("/" not in entry.filename for entry in entries):
        raise ValueError("file: no file stands at the root of the archive")
    large = next((entry.filename for entry in entries if entry.file_size > LARGEST_FILE), "")
    if large:
        raise ValueError(f"file: {large} is over {LARGEST_FILE >> 20} MB")
