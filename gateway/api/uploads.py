"""Files that come with a call, as multipart/form-data: read from disk where they are large, never as one whole."""

from typing import IO, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from rest_framework.request import Request

from gateway.api.problems import Problem
from messaging.intake.errors import FieldError, Refused

MOST_BYTES = 256 << 20


class Upload(NamedTuple):
    """A file and what it is called by its owner."""

    name: str
    content: IO[bytes]


def is_multipart(request: Request) -> bool:
    """Return whether the call brings parts rather than a JSON body."""
    return str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/form-data")


def read_parts(request: Request, field: str = "campaign") -> tuple[Upload, bytes]:
    """Return the part `file` and the bytes of the part `field` (empty where there is none).

    Raises Refused where there is no file, and Problem for what is no multipart body or too large.
    """
    plain: HttpRequest = request._request
    if not is_multipart(request):
        raise Problem(400, "not-multipart", "Not multipart", "The call brings a file as multipart/form-data.")
    if int(plain.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Problem(413, "too-large", "Body too large", "A file may have at most 256 MiB.")
    try:
        file, text = plain.FILES.get("file"), plain.POST.get(field, "")
        also = plain.FILES.get(field)
    except MultiPartParserError as error:
        raise Problem(400, "not-multipart", "Not multipart", str(error)) from error
    if not isinstance(file, UploadedFile) or file.file is None:
        raise Refused([FieldError("file", "required", "The part file is missing.")])
    given = also.read() if isinstance(also, UploadedFile) else str(text).encode()
    return Upload(file.name or "recipients", file.file), given
