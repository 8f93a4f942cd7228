# ---- the values that were drawn: how many, and the levels they gave ------------------------------------------------
OF_THE_STUDY$imputation <- function(study) for (found in study$every) {
  first <- found$cohorts[[1]]
  observed <- keep(study$patients, match(first$patient_id, study$patients$patient_id))
  of <- words(first, found$by)
  groups <- unique(of)
  ASKED <<- c("imputation", found$population)
  usual <- found$population == "progressed" && found$by == "pattern"
  if (length(found$imputed)) say(if (usual) "" else found$by, "", "", "", "percent_incomplete",
    100 * mean(!complete.cases(observed[, found$imputed, drop = FALSE])))
  for (v in found$imputed) {
    say(if (usual) "" else found$by, "", v, "", "percent_missing", 100 * mean(blank(observed[[v]])))
    if (!is_levels(observed, v)) next
    for (l in unique(unlist(lapply(found$cohorts, words, v)))) for (i in 0:length(groups)) {
      g <- c("all", beside_all(found, groups))[i + 1]
      inside <- if (i) of == groups[i] else rep(TRUE, length(of))
      n <- vapply(found$cohorts, function(d) sum(words(d, v)[inside] == l), 0)
      say(found$by, g, v, l, "n", mean(n), min(n), max(n))
      n <- 100 * n / sum(inside)
      say(found$by, g, v, l, "percent", mean(n), min(n), max(n))
    }
  }
  if (length(found$imputed)) say(if (usual) "" else found$by, "", "", "", "imputations", length(found$cohorts))
}
