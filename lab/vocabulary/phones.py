"""How telephone numbers of each country are written, from libphonenumber's metadata."""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneMetadata


def list_phones() -> Iterator[str]:
    """Yield a line for each country: calling code, trunk prefix, exit code, lengths, pattern."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        found = PhoneMetadata.metadata_for_region(region)
        exits = found.international_prefix or ""
        trunk = found.national_prefix or ""
        lengths = ",".join(map(str, found.general_desc.possible_length))
        pattern = found.general_desc.national_number_pattern
        main = "main" if found.main_country_for_code else ""
        leading = found.leading_digits or ""
        yield "\t".join(
            [region, str(found.country_code), trunk, exits, lengths, pattern, main, leading]
        )
