"""Which renderer, damage or sampler expresses which entry of the two catalogues of breakage.

The catalogues reuse letters: `pages:D8` is of the list of broken pages (A layouts, B labels, C
values, D characters, E documents, F writings of section 5), `facts:D8` of the facts (F table
forms, R rows, H headings, D documents). A name is a layout of WEIGHTS, a damage of DAMAGES, or a
function of this package as `module.function`.
"""

from collections.abc import Mapping
from types import MappingProxyType

_PAGES: Mapping[str, str] = {
    "A1": "A1",
    "A2": "A2",
    "A3": "A3",
    "A4": "A4",
    "A5": "A5",
    "A6": "A6",
    "A7": "A7",
    "A8": "A8",
    "A9": "A9",
    "A10": "A10",
    "A11": "A11",
    "A12": "A12",
    "A13": "A13",
    "A14": "A14",
    "A15": "A15",
    "A16": "A16",
    "A17": "A17",
    "A18": "A18",
    "B1": "compose.values_for compose.tables_for",
    "B2": "B2_hybrid",
    "B3": "report.sample",  # an eighth of the later reports keep the form of 2019
    "B4": "B4_truncated_headers",
    "B5": "B5_reworded_headers",
    "B6": "B6_verbose_labels",
    "B7": "B7_extra_row",
    "B8": "B8_caption_row",
    "B9": "B9_label_lost",
    "B10": "tables.table3 tables.table4",
    "B11": "B11_upright_headers B11_columnwise_headers",
    "B12": "tables.table3 headings.heading_line overview.section_one",
    "B13": "B13_group_with_row",
    "C1": "C1_totals_only C1_zeros_blank C1_table_blank",
    "C2": "C2_change_blank",
    "C3": "C3_signs_for_none C3_words C3_words_for_zero C3_approximate C3_chinese_numerals",
    "C4": "C4_signed_changes",
    "C5": "C5_units",
    "C6": "C6_loose_blanks C6_thousands C6_full_width",
    "C7": "claims.figures D15doc_contradiction",
    "C8": "C8_totals_blank",
    "D1": "D1_dates_broken D1_label_runs_lost",
    "D2": "D2_label_heads_lost D2_heading_text_lost H3_ordinals_lost",
    "D3": "H3_ordinals_lost",
    "D4": "H4_ordinals_otherwise H2_headings_shifted H13_problems_split",
    "D5": "D5_pinyin D5_mirror_commas",
    "D6": "D6_traditional",
    "D7": "D7_shifted_bytes D7_closing_tags",
    "D8": "D8_mojibake_lines",
    "D9": "D9_radicals",
    "D10": "D10_keyword_replaced",
    "D11": "D11_words_masked",
    "D12": "D12_angle_text_lost D12_quoted_tails",
    "D13": "D13_link_text_lost",
    "D14": "D14_typing_slips",
    "E1": "E1_top_furniture",
    "E2": "E1_top_furniture furniture.page_top",
    "E3": "E3_pipe_flood E3_one_line",
    "E4": "E4_title_repeated titles.title",
    "E5": "E5_tables_absent",
    "E6": "E6_tables_as_images",
    "E7": "E7_interleaved_sentences narrative.table_lead",
    "E8": "E8_small_tables overview.section_one",
    "E9": "E9_ebook",
    "E10": "E10_hard_wraps E10_page_numbers E10_page_numbers_in_tables",
    "E11": "E11_slices",
    "E12": "E12_begins_midway E12_ends_midway",
    "E13": "E13_headings_absent furniture.page_top",
    "E14": "E14_heading_residue headings.heading",
    "E15": "E15",
    "E16": "E16_bottom_furniture E_attachments",
    "E17": "E17_explanation",
    "E18": "E18_old_format",
    "E19": "E19_wrong_structure D2doc_year_conflict narrative.preface",
    # The rows of the table of writings, in its order.
    "F1": "improvement_items.inline improvement.led",
    "F2": "improvement_items.lines",
    "F3": "improvement_items.titled",
    "F4": "improvement_items.first_unmarked",
    "F5": "improvement_items.numbered",
    "F6": "improvement_items.numbered_items improvement_items.lines",
    "F7": "improvement_items.blocks improvement.headed",
    "F8": "improvement.paired_heads improvement.paired_items",
    "F9": "improvement_items.prose improvement_items.lumped",
    "F10": "improvement.one_paragraph",
    "F11": "H13_problems_split improvement.split_sections",
    "F12": "improvement_items.inline",
    "F13": "E10_hard_wraps E9_ebook",
}

_FACTS: Mapping[str, str] = {
    "F1": "F1",
    "F2": "A1",
    "F3": "A12",
    "F4": "F4",
    "F5": "F5",
    "F6": "A6 A7",
    "F7": "A9",
    "F8": "F8",
    "F9": "F9",
    "F10": "html.render_page",  # one page in eight has wrong spans
    "F11": "E3_pipe_flood E3_one_line",
    "F12": "E5_tables_absent E6_tables_as_images",
    "R1": "R1_group_labels_lost",
    "R2": "R2_group_garbled",
    "R3": "R3_page_break",
    "R4": "R4_last_row_lost R_row_lost",
    "R5": "A18",
    "R6": "R6_repeated_header E10_page_numbers_in_tables",
    "R7": "R7_header_in_two_rows tables.break_headers",
    "R8": "R8_header_shifted",
    "R9": "B11_columnwise_headers",
    "R10": "R10_value_broken_off F1",
    "R11": "R11_subtotal_row",
    "R12": "R12_table_twice",
    "R13": "B7_extra_row",
    "R14": "B6_verbose_labels",
    "R15": "R15_label_typos",
    "R16": "D1_label_runs_lost",
    "R17": "C5_units C4_signed_changes C6_full_width C6_thousands",
    "R18": "wrong_sum C1_totals_only C8_totals_blank C1_table_blank",
    "H1": "overview.section_one",
    "H2": "H2_headings_shifted",
    "H3": "H3_ordinals_lost",
    "H4": "H4_ordinals_otherwise H_ordinals H_half_width_brackets",
    "H5": "H5_heading_in_line A10",
    "H6": "E14_heading_residue headings.heading_line",
    "H7": "E14_heading_residue headings.heading_line",
    "H8": "H8_heading_typos",
    "H9": "E14_heading_residue D13doc_template_leftovers",
    "H10": "E13_headings_absent E5_tables_absent",
    "H11": "H11_fees_section H13_problems_split D5doc_sections_missing",
    "H12": "H12_mixed_levels",
    "H13": "H13_problems_split",
    "H14": "narrative.preface",
    "H15": "headings.heading",
    "D1": "compose.parts_for",  # a third of the reports have no title, half no signature
    "D2": "D2doc_year_conflict dates.period narrative.cited_notice",
    "D3": "D3doc_other_organ",
    "D4": "D4doc_spun_words",
    "D5": "D5doc_sections_missing",
    "D6": "A16",
    "D7": "D6_traditional D5_pinyin D7_shifted_bytes D10_keyword_replaced",
    "D8": "D8doc_masked_digits",
    "D9": "E1_top_furniture E16_bottom_furniture",
    "D10": "D10doc_second_report E12_ends_midway",
    "D11": "E10_hard_wraps E10_page_numbers",
    "D12": "narrative.preface",
    "D13": "D13doc_template_leftovers D17doc_figures_forgotten",
    "D14": "D14doc_sums_wrong tally.tally",
    "D15": "D15doc_contradiction",
    "D17": "D17doc_figures_forgotten",
}

#: Catalogue entry -> the names that express it.
COVERAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {f"pages:{id_}": tuple(names.split()) for id_, names in _PAGES.items()}
    | {f"facts:{id_}": tuple(names.split()) for id_, names in _FACTS.items()}
)

#: Catalogue entry -> why no single text can express it.
INEXPRESSIBLE: Mapping[str, str] = MappingProxyType(
    {"facts:D16": "likeness to last year's or a neighbour's report shows only beside that report"}
)

#: Layout or damage -> what it destroys for good. Those cells are null in gold, and a value there
#: is invented; nothing else may make a printed figure `missing` or `unreadable`.
UNRECOVERABLE: Mapping[str, str] = MappingProxyType(
    {
        "A16": "values on lines that had occurred before: their rows are unreadable",
        "F8": "figures of several digits that ran together: their rows are unreadable",
        "D5doc_sections_missing": "tables of sections that are not there",
        "D8doc_masked_digits": "digits under a mask",
        "E5_tables_absent": "tables that are pictures or scripts",
        "E6_tables_as_images": "tables that are pictures",
        "E12_begins_midway": "tables above the place where the text begins",
        "E12_ends_midway": "what stands behind the cut; a row that is torn is unreadable",
        "E17_explanation": "every cell: the page is no report, and is refused",
        "E18_old_format": "every cell: the form had not been made yet",
        "R3_page_break": "the rows between two pages",
        "R4_last_row_lost": "the last row of table 2",
        "R12_table_twice": "cells whose two printings differ",
        "R_row_lost": "one row or two",
    }
)

#: Layouts in which empty cells leave no trace: the figures beside them cannot be placed, but for
#: those that the sums single out.
BLANKS_VANISH = frozenset({"A1", "A2", "A9", "A10", "A16", "F8", "F9"})
