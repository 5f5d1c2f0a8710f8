"""Errors of the module functions, by their long-standing names."""

from .errors import BadRequestError as BadRequestException
from .errors import ConflictError as ConflictException
from .errors import InternalServerError as InternalServerErrorException
from .errors import NotFoundError as NotFoundException
from .errors import UnauthorizedError as UnauthorizedException

__all__ = [
    "BadRequestException",
    "ConflictException",
    "InternalServerErrorException",
    "NotFoundException",
    "UnauthorizedException",
]
