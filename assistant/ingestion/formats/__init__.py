"""bytes of one format -> Document.

    pdf <- superscript, hyphens      docx_epub <- word_xml      web_page, plain
                                                  +-> html_elements <- html_tables, html_words <- html_tree

What stands further right knows nothing of what stands left of it.
"""
