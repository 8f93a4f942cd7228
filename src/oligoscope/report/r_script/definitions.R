# ---- definitions: post-progression survival between the patterns, labelled by each ----------------------
survival_under_definitions <- function(d, named_as, definitions) {
  labels <- read_cells("definitions.csv")
  for (one in definitions) {
    d$.label <- labels[match(d$patient_id, labels$patient_id), paste0("pattern:", one)]
    r <- rows_of(d, ".label", "pps")
    fit <- attempt(cox_of(r, as.numeric(r$group == "oligoprogression")), NULL)
    if (is.null(fit)) next
    hr <- ratio(coef(fit), sqrt(fit$var[1]))
    same(c("reclassification", named_as, "pps", one, "", "oligoprogression vs systemic"), "hazard_ratio", hr[1], hr[2], hr[3])
  }
}
