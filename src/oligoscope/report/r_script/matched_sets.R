# ---- matched sets ----------------------------------------------------------------------------------------
# Each set is written out, a control once in each of its sets, weighing 1 / controls of the set; where the groups compared
# were not matched with each other each patient is there once, with the sum of these weights.
sets_of <- function(study, i) {
  pairs <- study$pairs[study$pairs$imputation == i, ]
  treated <- unique(pairs$patient_id)
  data.frame(patient_id = c(treated, pairs$matched_with), set = c(treated, pairs$patient_id),
             weight = c(rep(1, length(treated)), 1 / as.numeric(table(pairs$patient_id)[pairs$patient_id])))
}
matched_cohorts <- function(study, a, in_sets) lapply(seq_along(study$completed), function(i) {
  sets <- sets_of(study, i)
  if (!in_sets) {
    sets <- aggregate(weight ~ patient_id, sets, sum)
    sets$set <- sets$patient_id
  }
  d <- study$completed[[i]]
  out <- d[match(sets$patient_id, d$patient_id), , drop = FALSE]
  out$.set <- sets$set; out$.weight <- sets$weight
  attr(out, "kinds") <- attr(d, "kinds")
  select(out, a)
})
plain_weights <- function(cohorts) all(vapply(cohorts, function(d) all(abs(d$.weight - 1) < 1e-9) && !anyDuplicated(d$patient_id), TRUE))
# Whether a group has in some imputation fewer matched patients than may be compared.
few_matched <- function(study) {
  made <- split(study$pairs, study$pairs$imputation)
  smaller <- vapply(made, function(p) min(length(unique(p$patient_id)), length(unique(p$matched_with))), 0)
  any(smaller < study$settings$matching$minimum_group)
}
missed_balance <- function(study) {
  if (is.null(OF_THE_STUDY$matching)) return(FALSE)
  answers <<- list()
  OF_THE_STUDY$matching(study)
  largest <- answers[grep("largest_smd$", names(answers))]
  length(largest) && isTRUE(largest[[1]][1] > study$settings$matching$balance_limit)
}
is_unsealed <- function(study) !is.null(study$settings$matching$unseal) # by a reason in study.yaml
# Balance that was missed seals every outcome after matching, unless there is a reason and enough were matched.
is_sealed <- function(study) missed_balance(study) && (!is_unsealed(study) || few_matched(study))
serves_again <- function(study) any(vapply(seq_along(study$completed), function(i) anyDuplicated(sets_of(study, i)$patient_id) > 0, TRUE))

smd_of <- function(d, v, first, weight) {
  share <- function(x, w) sum(w * x) / sum(w)
  if (!is_levels(d, v)) {
    x <- as.numeric(d[[v]])
    spread <- sqrt((var(x[first]) + var(x[!first])) / 2)
    return(setNames((share(x[first], weight[first]) - share(x[!first], weight[!first])) / spread, ""))
  }
  x <- words(d, v); levels <- levels_of(v, x); one <- rep(1, nrow(d))
  at <- function(inside, w) vapply(levels, function(l) share(x[inside] == l, w[inside]), 0)
  before <- list(at(first, one), at(!first, one)); after <- list(at(first, weight), at(!first, weight))
  setNames(c(smd_shares(after[[1]], after[[2]], before[[1]], before[[2]]), distance(after[[1]], after[[2]], before[[1]], before[[2]])),
           c(levels, ""))
}
few_known <- function(cohorts, a, v, groups) any(vapply(cohorts, function(d)
  is_small(vapply(groups, function(g) sum(words(d, a$by) %in% g & !blank(d[[v]])), 0)), TRUE))
smd_matched <- function(study, a) {
  once <- matched_cohorts(study, a, FALSE)
  groups <- levels_of(a$by, unlist(lapply(once, words, a$by)))
  if (length(groups) != 2) return(invisible())
  for (v in a$variables) {
    if (few_known(once, a, v, groups)) { withheld(a$by, versus(groups), v, "", "smd"); next }
    found <- lapply(seq_along(once), function(i) {
      d <- select(study$completed[[i]], a)
      d <- keep(d, !blank(d[[v]]) & words(d, a$by) %in% groups)
      weight <- once[[i]]$.weight[match(d$patient_id, once[[i]]$patient_id)]
      weight[is.na(weight)] <- 0
      first <- words(d, a$by) == groups[1]
      if (sum(weight[first]) == 0 || sum(weight[!first]) == 0 || (!is_levels(d, v) && min(sum(first), sum(!first)) < 2)) NULL
      else smd_of(d, v, first, weight)
    })
    if (any(vapply(found, is.null, TRUE)) || any(lengths(found) == 2)) next  # no patient there, or one level only
    names <- unique(unlist(lapply(found, base::names)))
    for (n in names) {
      x <- unlist(lapply(found, function(f) f[base::names(f) == n]))
      say(a$by, versus(groups), v, n, "smd", if (n == "") mean(abs(x)) else mean(x))
    }
  }
}

