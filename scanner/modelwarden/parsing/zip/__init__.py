"""ZIP archives, read as leniently as the most lenient loader and with every disagreement between readers stated.

Grammar: PKWARE APPNOTE.TXT 6.3.10. Readers (`zipfile`, miniz in torch and TensorFlow, Info-ZIP, Java) differ in where
they look for the directory, which of two copies of a header they believe and what they check. What any of them would see is
handed out.
"""
