"""Sources: documents, the citations that tie facts to them, and ids in other data sets, and other names."""
