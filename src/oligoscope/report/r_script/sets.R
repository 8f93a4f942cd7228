# ---- matched sets ---------------------------------------------------------------------------------
# Each set is written out: its first patient weighs 1, its controls weigh 1 together. Where the groups compared were not matched
# with each other each patient is there once, with the sum of these weights.
matched_sets <- function(imputation, in_sets) {
  pairs <- matched_pairs[matched_pairs$imputation == imputation, ]
  first <- unique(pairs$patient_id)
  s <- data.frame(patient_id = c(first, pairs$matched_with), set = c(first, pairs$patient_id), stringsAsFactors = FALSE)
  of <- match(pairs$patient_id, first)
  s$weight <- c(rep(1, length(first)), 1 / tabulate(of)[of])
  if (in_sets) return(s)
  once <- s[!duplicated(s$patient_id), ]
  once$weight <- as.numeric(tapply(s$weight, match(s$patient_id, once$patient_id), sum))
  once$set <- once$patient_id
  once
}
matched_cohorts <- function(where, in_sets) {
  imputations <- sort(unique(as.numeric(matched_pairs$imputation)))
  lapply(imputations, function(i) {
    s <- matched_sets(i, in_sets)
    d <- completed("progressed", "pattern", i)
    d <- d[match(s$patient_id, d$patient_id), , drop = FALSE]
    d$.set <- s$set; d$.weight <- s$weight
    having(d, where)
  })
}
