"""Small inputs that failed once: of each folder the test of its kind, and what is right."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Right:
    """What comes out of a folder.

    Attributes:
        kind: The test of the whole kind, as `file::test` below tests/.
        command: `derive` or `run`; blank where the folder is no study and its kind is tested alone.
        status: Exit status.
        findings: Rules that are in issues.csv.
        said: Words of the answer.
        patients: (patient, column) of patients.csv: its value.
        results: Beginnings of rows of results.csv.
        report: Words of the report.
        responses: (patient, column) of responses.csv: its values, assessment by assessment.
        matching: Settings put first in `matching` of the copy of its study.yaml, where today's presets would stop before the
            fault: estimates after a matching that missed its balance are withheld unless they are unsealed.
    """

    kind: str
    command: str = "derive"
    status: int = 0
    findings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    patients: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    results: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    responses: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    matching: str = ""


NAMES = "unit/test_names_in_study_yaml.py::"
WRITE = "unit/intake/test_as_people_write.py::"
DAMAGED = "unit/intake/files/test_damaged_files.py::"
HOSTILE = "acceptance/test_hostile_words.py::"
PLACES = "unit/intake/test_places_in_tables.py::test_lists_of_organs_are_read_in_progressions"
MATCHED = "unit/questions/test_matched_cohorts.py::"
WORDS = (
    "unit/study/dictionary/test_places.py::test_words_of_public_lists_are_read_right_or_asked_and_never_wrong"
)
ODD = "acceptance/test_odd_cohorts.py::"
MESSY = "unit/mapping/test_messy_files.py::test_a_workbook_and_a_few_answers_give_the_labels"
REFUSED = NAMES + "test_a_column_that_is_not_there_is_refused_with_its_line_and_the_nearest_name"
SIZES = DAMAGED + "test_integers_of_any_width_are_the_same_cells"
SAFE = HOSTILE + "test_every_file_can_be_read_and_nothing_in_it_is_alive"
WRITTEN = HOSTILE + "test_every_document_shows_every_level_as_written"
REMOVED = HOSTILE + "test_nothing_is_left_out_and_what_was_removed_is_named"
LESIONS = "unit/intake/checks/test_lesion_rules.py::"
TOTALS = WRITE + "test_a_total_or_a_note_is_no_patient"
COMPLETED = "unit/questions/test_comparison_tables.py::test_without_a_baseline_table_the_shares_that_were_missing_are_still_given"
COHORT = "acceptance/test_classified_cohorts.py::test_the_teams_own_289_and_290"
NO_FOLLOW_UP = "spec/test_read_progressions.py::test_a_study_in_which_nobody_was_followed_has_no_survival"
UNSEALED = "unseal: to see the estimates"
FORTY = ("40 screened, 37 treated, 32 with progression",)
CONTROL = ("control_character",)

RIGHT: dict[str, Right] = {
    "A1-one-patient-with-a-rare-level": Right("unit/cohort/test_attempts.py::test_one_patient_of_a_rare_level_has_a_finite_ratio_with_profile_limits", "run", 4),
    "A1-twelve-patients": Right(ODD + "test_few_patients_end_in_results", "run", findings=("variable_left_out",)),
    "A2-weighting-where-by-population": Right(NAMES + "test_the_score_of_a_variable_s_own_groups_does_not_hold_it", status=3, said=("line 11  analyses[8].population = matched   predictors cannot be done in this population; possible: treated, progressed", "line 12", "line 13")),
    "A3-matching-two-to-one": Right(MATCHED + "test_every_set_weighs_two_whatever_the_matching", "run", 4, results=("baseline,matched,pattern,all,,,weighted_n,84.4",)),
    "A4-covariate-blank": Right(NAMES + "test_a_covariate_without_a_value_is_a_row_an_issue_and_a_sentence", "run", 4, findings=("variable_left_out",), results=("matching,matched,,,smoking,,covariate,,,,,,,blank_for_all",), report=("the variable is blank for every patient",)),
    "A5-one-value-missing-drops-a-variable": Right(NAMES + "test_one_value_missing_leaves_the_other_patients_in", "run", results=("competing_risks,treated,oligoprogression,,smoking,,p_value_gray,0.432",)),
    "A6-completed-analysis-without-baseline": Right(COMPLETED, "run", results=("imputation,progressed,,,pd_l1,,percent_missing,25.8333333", "predictors,progressed,pattern,systemic vs oligoprogression,sex,male vs female,odds_ratio_univariable,0.78609625668449"), report=("PD-L1 expression: missing, % 25.8",)),
    "A7-two-patients-same-day": Right("unit/cohort/test_attempts.py::test_patients_who_die_on_one_day_have_curves_and_a_reason", "run", findings=("variable_left_out",), results=("survival,progressed,os,oligoprogression vs systemic,log_rank,,p_value,,,,2,,log-rank,too_few_in_group minimum=5", "survival,progressed,os,oligoprogression vs systemic,,,hazard_ratio,,,,2,,\"Cox, Efron ties, Wald limits\",too_few_in_group minimum=5"), report=("No hazard ratio is given: a group has fewer than 5 patients.",)),
    "assessment_before_start": Right("unit/intake/checks/test_cross_table.py::test_a_response_before_the_start_is_listed_and_is_no_response", findings=("assessment_before_start",)),
    "at_risk_pooled_ticks": Right(MATCHED + "test_numbers_at_risk_over_imputations_have_one_grid_and_events_never_fall", said=FORTY),
    "backdated_new_lesion_reason": Right("spec/test_reasons.py::test_a_backdated_new_lesion_names_the_row_that_confirmed_it", patients={("A", "pfs_days"): "56"}),
    "clinical_pd_then_response": Right("spec/test_best_response.py::test_first_progression_of_any_basis", patients={("A", "resistance"): "primary", ("A", "best_response"): "NE", ("A", "progressed_on"): "2020-02-14", ("A", "progression_basis"): "clinical", ("A", "pfs_days"): "30"}),
    "common-words": Right(WRITTEN, said=("579 with progression",)),
    "dates_as_written": Right("unit/intake/checks/test_written_values.py::test_every_day_is_read_in_every_form", findings=("partial_date", "value_unreadable"), said=("7 screened",)),
    "docx_control_x0b": Right(REMOVED, "run", findings=(*CONTROL, "removed: U+000B"), results=("baseline,progressed,pattern,all,centre,East1,n,3.0",), report=("East1",)),
    "dollar_id": Right(WRITTEN, said=("4 screened",)),
    "dollar_level": Right(WRITTEN, "run", said=("8 screened",)),
    "false_pseudoprogression_flag": Right("spec/test_endpoints.py::test_immune_progression_free_survival", patients={("A", "flags"): ""}),
    "footnote_rows": Right(TOTALS, findings=("row_is_a_note",), said=("6 screened",)),
    "id-control-character-svg": Right(REMOVED, findings=CONTROL),
    "imputation_table_without_baseline": Right(COMPLETED, "run", results=("imputation,progressed,,,pd_l1,,percent_missing,21.42857142857", "predictors,progressed,pattern,,,,odds_ratio_multivariable,,,,,,,two_groups_needed"), report=("Table S1 Missing and imputed values", "exactly two groups of patients are needed")),
    "inject-by-markup-comment": Right(SAFE, "run", results=("survival,progressed,os,a vs b,,,hazard_ratio,0.66250985659",), report=("Progressed population, by --><script>alert(1)</script><!--",)),
    "inject-by-odd-backslash": Right(SAFE, "run", results=("survival,progressed,os,a vs b,,,hazard_ratio,0.66250985659",), report=(r"Progressed population, by a\1\g<9>b",)),
    "inject-formula-plus": Right("unit/test_csv_files.py::test_no_cell_begins_a_formula_and_every_word_comes_back", "run", findings=("place_unknown",), said=("20 screened, 20 treated",), patients={("'+1+cmd|'/C calc'!A0", "sex"): "female"}, report=("+1+cmd|'/C calc'!A0",)),
    "irecist_continuing_pr": Right("spec/test_irecist.py::test_continuing_pr", patients={("A", "best_response"): "PR", ("A", "ibest_response"): "iPR"}, responses={("A", "irecist_response"): ["iPR"] * 4, ("A", "overall_response"): ["PR"] * 4}),
    "irecist_new_lesion_grows_after_reset": Right("spec/test_irecist.py::test_new_lesions_after_a_reset", patients={("A", "ipfs_days"): "126", ("A", "ipfs_event"): "1"}),
    "landmark_nobody_followed_3_months": Right("unit/questions/landmark/test_numbers.py::test_where_no_patient_was_followed_the_model_is_withheld", "run", report=("From the 3-month landmark no hazard ratio is given",)),
    "latin1_organ": Right(WRITE + "test_an_encoding_that_was_taken_is_said_with_a_word", findings=("encoding_assumed", "métastase hépatique")),
    "level-control-character": Right(REMOVED, findings=CONTROL),
    "level-separators": Right(WRITTEN, said=("579 with progression",)),
    "locked-file": Right("unit/system/test_whole_folder.py::test_after_any_operation_the_output_is_the_earlier_one_or_the_new_one", ""),
    "long_usubjid": Right(HOSTILE + "test_every_text_of_every_picture_has_its_place", "run", said=("24 screened, 24 treated",), patients={("CTX-NSCLC-301-SITE000-0000", "population"): "progressed"}),
    "love_plot_infinite_smd": Right("unit/questions/matching/test_love_plot.py::test_an_infinite_difference_is_drawn_at_the_edge_and_named", "run", 4, report=("∞",)),
    "matched_ratio3": Right(MATCHED + "test_every_set_weighs_two_whatever_the_matching", "run", 4, results=("survival,matched,os,oligoprogression vs systemic,,,hazard_ratio,1.41909248",), matching=f"{UNSEALED}, method: nearest"),
    "matched_with_replacement": Right(MATCHED + "test_every_set_weighs_two_whatever_the_matching", "run", 4, results=("baseline,matched,pattern,all,,,weighted_n,80.0", "survival,matched,os,oligoprogression vs systemic,,,hazard_ratio,0.57398862867761",), matching=UNSEALED),
    "matching_withheld_without_reason": Right("unit/report/test_matched_report.py::test_why_nothing_follows_a_matching_stands_in_every_section", "run", 4, results=("matching,matched,,oligoprogression vs systemic,,,n_pairs,12.0", "survival,matched,pps,,,,hazard_ratio,,,,,,,unbalanced variable=uid largest=0.426 limit=0.1"), report=("After matching, balance was not achieved (uid, U0: |SMD| 0.426, limit 0.1). Estimates after matching are therefore withheld.", "The analysis of the matched population is not given: balance was not achieved (uid, U0: |SMD| 0.426, limit 0.1)."), matching="minimum_events_per_variable: 0.1"),
    "messy_en_workbook": Right(MESSY, said=FORTY),
    "messy_en_workbook_truth": Right(MESSY, said=FORTY),
    "methods-irecist": Right("unit/report/test_comparison_report.py::test_methods_name_what_ran", "run", report=("by iRECIST (Seymour 2017",)),
    "misspelt_covariate": Right(REFUSED, status=3, said=("did you mean age_years?", "did you mean smoking?")),
    "mixed-parquet": Right("acceptance/test_engines.py::test_csv_and_parquet_tables_give_the_same_patients", said=("579 with progression",)),
    "new_node_8mm": Right(LESIONS + "test_a_new_node_below_10_mm_is_listed_once", findings=("small_new_node",), said=("0 with progression",)),
    "no_followup_os_zero": Right(NO_FOLLOW_UP, findings=("follow_up_missing",), patients={("S0090", "os_days"): ""}),
    "node_word_not_recognised": Right("unit/study/dictionary/test_places.py::test_whatever_says_node_is_a_node", patients={("A", "best_response"): "CR", ("B", "best_response"): "CR"}),
    "node_words": Right("unit/study/dictionary/test_places.py::test_whatever_says_node_is_a_node", patients={(f"N{i:02}", "best_response"): "CR" for i in range(1, 21)}),
    "nontarget_absent_at_baseline_appears": Right(LESIONS + "test_a_target_absent_at_baseline_that_appears_is_listed_too", findings=("absent_at_baseline",)),
    "not_evaluated_row_splits_visit": Right("spec/test_dates.py::test_a_row_not_evaluated_joins_its_visit", patients={("A", "best_response"): "SD"}),
    "organ-30-chinese-characters": Right("unit/questions/test_long_names.py::test_a_long_text_is_cut_to_its_room_and_a_short_one_is_not", findings=("place_unknown",)),
    "organ-control-character": Right(REMOVED, findings=CONTROL),
    "organ-ends-in-semicolon": Right("spec/test_covariates.py::test_organs_hold_their_divider_in_every_column_that_lists_them", said=("20 with progression",)),
    "organ_words": Right(WORDS, patients={(f"N{i:02}", "n_progressing_intracranial"): "1" for i in range(1, 15)}),
    "organ_words_cn": Right(WORDS, patients={("A", "progressing_organs"): "brain;lung", ("A", "n_progressing_intracranial"): "2"}),
    "organ_words_lesions": Right(WORDS, findings=("place_unknown",), said=FORTY),
    "output-damaged": Right("unit/printing/test_left_out.py::test_a_report_on_what_this_version_cannot_read_is_a_sentence", ""),
    "parquet-day-int16": Right(SIZES, said=("20 with progression",)),
    "parquet-diameter-uint8": Right(SIZES, said=("20 with progression",)),
    "parquet-one-bit-flipped": Right(DAMAGED + "test_a_byte_of_a_page_or_its_header_never_ends_the_program", status=3, said=("treatments.parquet",)),
    "parquet-zeros-panic": Right(DAMAGED + "test_a_damaged_file_is_read_or_refused", status=3, said=("treatments.parquet",)),
    "parquet_list_covariate": Right("unit/intake/test_as_people_write.py::test_a_column_that_cannot_be_cells_is_left_out_and_said", findings=("column_ignored",)),
    "parquet_tz_shanghai": Right(WRITE + "test_a_zoned_time_keeps_the_day_of_its_own_clock", patients={("P1", "progressed_on"): "2020-05-11", ("P1", "pfs_days"): "126"}),
    "pdl1_header_unmatched": Right("unit/study/dictionary/test_gathered_words.py::test_no_gathered_word_is_taken_for_what_it_does_not_mean", findings=("encoding_assumed",), said=FORTY),
    "progressing_organs_separators": Right(PLACES, patients={("A", "progressing_organs"): "bone;lung", ("B", "progressing_organs"): "liver;lung", ("C", "progressing_organs"): "brain;lung"}),
    "progressions_579": Right(COHORT, findings=("column_ignored", "data.cohort"), said=("579 with progression",)),
    "progressions_baseline_organs_ignored": Right("spec/test_read_progressions.py::test_sites_at_baseline_are_used", patients={("A", "site_relation"): "same", ("B", "site_relation"): "same", ("B", "n_progressing_intracranial"): "1"}),
    "progressions_only_pfs_day0": Right("spec/test_read_progressions.py::test_who_is_followed_to_when", findings=("followed_to_contact",), patients={("B", "pfs_days"): "731", ("D", "pfs_days"): "731"}),
    "progressions_vs_lesions": Right("unit/engines/test_contradictions.py::test_what_was_read_beside_what_was_derived", findings=("read_and_derived_differ",)),
    "redcap_ok": Right("unit/intake/test_redcap.py::test_exports_by_codes_and_by_labels_are_the_same_study", said=FORTY),
    "row-order": Right("property/test_order_of_rows.py::test_results_do_not_depend_on_the_order_of_rows_or_columns", ""),
    "rr_matched": Right("unit/questions/test_registry.py::test_a_new_question_is_checked_by_the_same_rules", status=3, said=("line 6", "possible: treated, progressed")),
    "run-json-paths": Right("unit/test_commands.py::test_a_run_json_from_elsewhere_touches_nothing_outside_its_folder", ""),
    "score_without_two_covariates": Right(NAMES + "test_a_covariate_without_a_value_is_a_row_an_issue_and_a_sentence", "run", findings=("variable_left_out",), report=("The following covariates could not be included: stage (the variable has one level only)",)),
    "sdtm_csv_na": Right("unit/intake/sdtm/test_sdtm.py::test_na_of_r_is_a_blank_cell_unless_the_study_says_otherwise", said=("1 screened, 1 treated",)),
    "spss_sav": Right(COHORT, findings=("column_ignored", "data.cohort", "follow_up_missing")),
    "start_after_cutoff": Right("unit/intake/checks/test_cross_table.py::test_starts_and_rows_after_the_cutoff_are_listed", findings=("start_after_cutoff",), said=("12 screened, 11 treated",)),
    "strict_xlsx": Right(WRITE + "test_a_strict_workbook_is_read_as_any_other", said=("3 screened",)),
    "svg-broken-by-amp": Right(SAFE, "run", results=("survival,progressed,os,high vs low,,,hazard_ratio,0.66250985659",), report=("Progressed population, by CEA & CA125",)),
    "svg-broken-by-lt": Right(SAFE, "run", results=("survival,progressed:<60,os,systemic,,,n,16.0",), report=("<60",)),
    "target_pd_without_size": Right(LESIONS + "test_a_target_that_was_seen_needs_a_size", findings=("measurements.csv,4,A,state,unequivocal_progression,target_progression_without_size",), patients={("A", "pfs_days"): "56"}, responses={("A", "overall_response"): ["PR", "NE"]}),
    "total_row_becomes_patient": Right(TOTALS, findings=("row_is_a_note",), said=FORTY),
    "tps_fraction": Right(WRITE + "test_parts_of_1_beside_nothing_above_1_are_asked", status=3, findings=("fraction_or_percent",)),
    "umask": Right("unit/system/test_whole_folder.py::test_the_umask_holds_and_a_folder_keeps_its_own_permissions", ""),
    "unread_driver_enters_cohort": Right("unit/intake/test_three_formats.py::test_a_word_that_cannot_be_read_where_a_rule_reads_it_leaves_its_patient_out", patients={("S0090", "driver_gene"): "positive", ("S0146", "ecog"): "3"}, said=("40 screened, 32 treated",)),
    "weight_sex": Right(NAMES + "test_the_score_of_a_variable_s_own_groups_does_not_hold_it", "run", results=("weighting,progressed,os,male vs female,ate,,hazard_ratio,0.89453882787",)),
    "weight_treated": Right(NAMES + "test_the_score_of_a_variable_s_own_groups_does_not_hold_it", "run", results=("weighting,treated,os,oligoprogression vs systemic,ate,,hazard_ratio,0.8952",)),
    "weight_where": Right(NAMES + "test_the_score_of_a_variable_s_own_groups_does_not_hold_it", "run", results=("weighting,progressed:male,os,oligoprogression vs systemic,ate,,hazard_ratio,1.20377386878",)),
    "weighting_three_groups": Right(NAMES + "test_what_compares_two_groups_is_refused_three", status=3, said=("line 5",)),
    "where_unknown_column": Right(REFUSED, status=3, said=("did you mean sex?",)),
    "wide_lesions": Right("unit/intake/files/test_wide_sheets.py::test_columns_of_scans_are_measurements", findings=("sheet_shape",), said=("32 with progression",)),
    "window_eats_response": Right("spec/test_dates.py::test_scan_window", patients={("A", "best_response"): "PR"}),
    "xlsx-one-bit-flipped": Right(DAMAGED + "test_a_damaged_file_is_read_or_refused", status=3, said=("all.xlsx",)),
    "xlsx-string-index": Right(DAMAGED + "test_the_row_before_the_damage_is_named", status=3, said=("measurements",)),
    "xpt-start-beyond": Right(DAMAGED + "test_a_variable_that_begins_outside_its_row_is_refused", status=3, said=("tr.xpt",)),
    "yaml-analyses-unknown-where": Right(REFUSED, status=3, said=("line 12",)),
    "yaml-anchor-bomb": Right("unit/study/test_yaml_limits.py::test_what_no_study_needs_is_refused_with_its_line", status=3, said=("aliases",)),
    "yaml-deep-condition": Right("unit/study/test_yaml_limits.py::test_a_condition_deeper_or_longer_than_any_rule_is_refused", status=3, said=("50 deep",)),
    "yaml-surrogate-escape-in-title": Right("unit/study/test_yaml_limits.py::test_text_that_no_document_can_hold_is_refused_with_its_line", status=3, said=("line 2  study.title.en   holds U+D800",)),
}  # fmt: skip
