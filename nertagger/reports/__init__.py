"""Reports of scores: an HTML page or Markdown with tables, figures and the sentences with errors.

from nertagger.reports import Report, write_report
"""

from nertagger.reports.report import Report
from nertagger.reports.writing import write_report

__all__ = ["Report", "write_report"]
