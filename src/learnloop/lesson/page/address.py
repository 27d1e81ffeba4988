"""Where a page is to be: an address where there is one, and the links with which it is shared."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Address:
    """The address of a page.

    Attributes:
        base: where pages are published, https; "" for a page that has no public address.
        name: of the file, without its ending.
    """

    base: str
    name: str

    @property
    def public(self) -> bool:
        """Whether others can open the page by an address."""
        return bool(self.base)

    @property
    def page(self) -> str:
        """The address of the page.

        >>> Address("https://example.org/lessons", "two moons").page
        'https://example.org/lessons/two%20moons.html'
        """
        return self._of("html")

    @property
    def card(self) -> str:
        """The address of the image that other sites show."""
        return self._of("png")

    def _of(self, ending: str) -> str:
        return f"{self.base.rstrip('/')}/{quote(self.name)}.{ending}"

    def intents(self, title: str) -> dict[str, str]:
        """Links that open a message about the page, by the name of the service."""
        return {
            "X": f"https://x.com/intent/post?{urlencode({'text': title, 'url': self.page})}",
            "LinkedIn": f"https://www.linkedin.com/sharing/share-offsite/?{urlencode({'url': self.page})}",
            "WhatsApp": f"https://wa.me/?{urlencode({'text': f'{title} {self.page}'})}",
        }
