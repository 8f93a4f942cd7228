# ---- Table 1 -------------------------------------------------------------------------------------------------
ANALYSES$baseline <- function(study, d, a) {
  if (a$population == "matched") return(baseline_matched(study, a))
  if (nrow(d)) baseline_one(d, a) else withheld(a$by, "", "", "", "n")
}
# `everybody`: all imputations together; their groups and levels are those of the table, whoever is in one of them.
baseline_one <- function(d, a, smd = TRUE, everybody = d) {
  d <- keep(d, !blank(words(d, a$by))); everybody <- keep(everybody, !blank(words(everybody, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, words(everybody, a$by))
  inside <- c(list(rep(TRUE, nrow(d))), lapply(groups, function(g) of == g))
  labels <- c("all", beside_all(a, groups))
  pair <- versus(beside_all(a, groups))
  for (i in seq_along(labels)) say(a$by, labels[i], "", "", "n", sum(inside[[i]]))
  for (v in a$variables) {
    if (is_levels(everybody, v)) {
      x <- words(d, v)
      levels <- levels_of(v, words(everybody, v))
      for (i in seq_along(labels)) {
        known <- x[inside[[i]] & !blank(x)]
        for (l in levels) {
          say(a$by, labels[i], v, l, "n", sum(known == l))
          say(a$by, labels[i], v, l, "percent", if (length(known)) 100 * mean(known == l) else NA)
        }
        say(a$by, labels[i], v, "", "missing", sum(blank(x[inside[[i]]])))
      }
      if (length(groups) < 2) next
      table <- matrix(vapply(groups, function(g) vapply(levels, function(l) sum(of == g & x == l, na.rm = TRUE), 0),
                             numeric(length(levels))), ncol = length(groups))
      if (is_small(colSums(table))) { withheld(a$by, pair, v, "", "p_value"); if (smd && length(groups) == 2) withheld(a$by, pair, v, "", "smd"); next }
      test <- test_levels(table, chosen_test(a$by, pair, v), a$exact_p)
      if (!identical(test, "unknown")) {
        say(a$by, pair, v, "", "p_value", test[2])
        if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
      }
      if (length(groups) != 2 || !smd) next
      if (length(levels) < 2 || any(colSums(table) == 0)) { withheld(a$by, pair, v, "", "smd"); next }
      share <- sweep(table, 2, colSums(table), "/")
      say(a$by, pair, v, "", "smd", distance(share[, 1], share[, 2]))
      s <- smd_shares(share[, 1], share[, 2])
      for (i in seq_along(levels)) say(a$by, pair, v, levels[i], "smd", s[i])
    } else {
      x <- as.numeric(d[[v]])
      for (i in seq_along(labels)) {
        y <- x[inside[[i]] & !blank(x)]
        q <- if (length(y)) quantile(y, c(0.5, 0.25, 0.75), names = FALSE) else c(NA, NA, NA)
        say(a$by, labels[i], v, "", "median", q[1], q[2], q[3])
        say(a$by, labels[i], v, "", "mean", if (length(y)) mean(y) else NA)
        say(a$by, labels[i], v, "", "sd", if (length(y) > 1) sd(y) else NA)
        say(a$by, labels[i], v, "", "missing", sum(blank(x[inside[[i]]])))
      }
      if (length(groups) < 2) next
      samples <- lapply(groups, function(g) x[of == g])
      known <- vapply(samples, function(s) sum(!blank(s)), 0)
      if (is_small(known)) { withheld(a$by, pair, v, "", "p_value"); if (smd && length(groups) == 2) withheld(a$by, pair, v, "", "smd"); next }
      test <- test_values(samples)
      say(a$by, pair, v, "", "p_value", test[2])
      if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
      if (length(test) > 2 && !is.na(test[3])) say(a$by, pair, v, "", "z_statistic", test[3])
      if (length(groups) != 2 || !smd) next
      y <- lapply(samples, function(s) s[!blank(s)])
      if (min(lengths(y)) < 2) { withheld(a$by, pair, v, "", "smd"); next }
      s <- (mean(y[[1]]) - mean(y[[2]])) / sqrt((var(y[[1]]) + var(y[[2]])) / 2)
      say(a$by, pair, v, "", "smd", abs(s))
    }
  }
}
together <- function(cohorts, names) {
  out <- do.call(rbind, lapply(cohorts, function(d) d[unique(unlist(names))]))
  attr(out, "kinds") <- attr(cohorts[[1]], "kinds")
  out
}
baseline_matched <- function(study, a) {
  cohorts <- matched_cohorts(study, a, FALSE)
  if (!plain_weights(cohorts)) return(weighted_baseline(study, a))
  smd_matched(study, a)
  everybody <- together(cohorts, c(a$by, a$variables))
  each <- lapply(cohorts, function(d) {
    kept <- answers
    answers <<- list()
    baseline_one(d, a, smd = FALSE, everybody = everybody)
    out <- answers
    answers <<- kept
    out
  })
  for (name in unique(unlist(lapply(each, names)))) {
    part <- strsplit(name, DIVIDER, fixed = TRUE)[[1]]
    found <- lapply(each, function(x) x[[name]])
    found <- found[!vapply(found, is.null, TRUE)]
    numbers <- do.call(rbind, found)
    average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
    if (length(each) == 1) answers[[name]] <<- found[[1]]
    else if (part[7] %in% c("test_statistic", "z_statistic")) {
      p_of_all <- lapply(each, function(x) x[[paste(c(part[1:6], "p_value"), collapse = DIVIDER)]])
      if (any(vapply(p_of_all, is.null, TRUE))) next
      p_of_all <- vapply(p_of_all, function(x) x[1], 0)
      at <- if (anyNA(p_of_all)) NA else median_at(p_of_all)
      if (!is.na(at) && !is.null(each[[at]][[name]])) answers[[name]] <<- each[[at]][[name]]
    }
    else if (part[7] == "p_value" && length(found) < length(each)) next  # not asked of one of them
    else if (part[7] == "p_value") answers[[name]] <<- c(median(numbers[, 1]), NA, NA)  # none where an imputation has none
    else answers[[name]] <<- apply(numbers, 2, average)
  }
}

# Where patients count by their weights: counts of patients, weighted shares and descriptions, Wald's test by the sets.
weighted_baseline <- function(study, a) {
  once <- matched_cohorts(study, a, FALSE); in_sets <- matched_cohorts(study, a, TRUE)
  smd_matched(study, a)
  groups <- levels_of(a$by, unlist(lapply(once, words, a$by)))
  average <- function(x) if (all(is.na(x))) NA else mean(x, na.rm = TRUE)
  over <- function(f) average(vapply(once, f, 0))
  member <- function(d, g) !blank(words(d, a$by)) & (g == "all" | words(d, a$by) == g)
  for (g in c("all", groups)) {
    say(a$by, g, "", "", "n", over(function(d) sum(member(d, g))))
    say(a$by, g, "", "", "weighted_n", over(function(d) sum(d$.weight[member(d, g)])))
    for (v in a$variables) {
      say(a$by, g, v, "", "missing", over(function(d) sum(member(d, g) & blank(d[[v]]))))
      known <- function(d) member(d, g) & !blank(d[[v]])
      if (all(vapply(once, is_levels, TRUE, v))) for (l in unique(unlist(lapply(once, function(d) words(d, v)[known(d)])))) {
        at <- function(d) sum(d$.weight[known(d)] * (words(d, v)[known(d)] == l))
        say(a$by, g, v, l, "n", over(at))
        say(a$by, g, v, l, "percent", over(function(d) if (any(known(d))) 100 * at(d) / sum(d$.weight[known(d)]) else NA))
      } else if (!any(vapply(once, is_levels, TRUE, v))) {
        say(a$by, g, v, "", "mean", over(function(d) if (any(known(d))) weighted.mean(as.numeric(d[[v]])[known(d)], d$.weight[known(d)]) else NA))
        say(a$by, g, v, "", "sd", over(function(d) {
          x <- as.numeric(d[[v]])[known(d)]; w <- d$.weight[known(d)]
          if (length(x) < 2) NA else sqrt(sum(w * (x - weighted.mean(x, w))^2) * sum(w) / (sum(w)^2 - sum(w^2)))
        }))
      }
    }
  }
  if (length(groups) != 2) return(invisible())
  for (v in a$variables) {
    tests <- vapply(in_sets, function(d) {
      d <- keep(d, member(d, "all") & !blank(d[[v]]))
      of <- as.numeric(words(d, a$by) == groups[1])
      if (few_known(once, a, v, groups)) return(c(NA, NA))
      if (length(unique(of)) < 2) return(c(NA, NA))
      y <- if (is_levels(d, v)) { l <- levels_of(v, words(d, v)); if (length(l) < 2) return(c(NA, NA)); sapply(l[-length(l)], function(x) as.numeric(words(d, v) == x)) }
           else matrix(as.numeric(d[[v]]))
      # The influence of each row on the difference of the weighted means, summed over the sets.
      one <- function(g) { w <- d$.weight * (of == g); mu <- colSums(w * y) / sum(w); list(mu, w * sweep(y, 2, mu) / sum(w)) }
      s1 <- one(1); s0 <- one(0)
      by_set <- rowsum(s1[[2]] - s0[[2]], d$.set)
      k <- nrow(by_set); q <- qr(by_set)$rank
      if (q < ncol(y) || k <= q) return(c(NaN, NaN))
      w <- drop(t(s1[[1]] - s0[[1]]) %*% solve(k / (k - 1) * crossprod(by_set)) %*% (s1[[1]] - s0[[1]]))
      f <- w * (k - q) / ((k - 1) * q)
      c(f, pf(f, q, k - q, lower.tail = FALSE))
    }, c(0, 0))
    p <- tests[2, ]
    if (any(is.nan(p))) next
    say(a$by, versus(groups), v, "", "p_value", median(p))
    at <- if (anyNA(p)) NA else median_at(p)
    if (!is.na(at)) say(a$by, versus(groups), v, "", "test_statistic", tests[1, at])
  }
}
# Differences over the SD before matching, of patients in whom the variable is known.
