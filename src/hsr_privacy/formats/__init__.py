"""Formats: an extract and its codebook as the files that people who analyse can open."""

from hsr_privacy.formats.delimited import write_csv
from hsr_privacy.formats.kvalreg import rapwhale_csv
from hsr_privacy.formats.kvalreg_reading import read_rapwhale
from hsr_privacy.formats.names import told, valid_names
from hsr_privacy.formats.parquet import write_parquet
from hsr_privacy.formats.spss import write_spss
from hsr_privacy.formats.stata import write_stata
from hsr_privacy.formats.wording import Language
from hsr_privacy.formats.workbook import write_codebook_xlsx
from hsr_privacy.formats.writing import FILES, write_all

__all__ = [
    "FILES",
    "Language",
    "rapwhale_csv",
    "read_rapwhale",
    "told",
    "valid_names",
    "write_all",
    "write_codebook_xlsx",
    "write_csv",
    "write_parquet",
    "write_spss",
    "write_stata",
]
