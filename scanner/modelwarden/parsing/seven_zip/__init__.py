"""7z archives: `header` lists what is in them, `folder` opens it. Specification: `DOC/7zFormat.txt` of the LZMA SDK."""
