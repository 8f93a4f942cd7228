# ---- PFS between two assessments: Turnbull's equations, and the Weibull model of survreg --------------------------
# Where mass can lie, from a left end to the right end that follows it, and (`inside`, a row a patient) whose interval holds it.
innermost <- function(left, right) {
  ends <- rbind(data.frame(at = left, rank = ifelse(left == right, 0, 2), right = FALSE), data.frame(at = right, rank = 1, right = TRUE))
  ends <- ends[order(ends$at, ends$rank), ]
  begin <- which(!ends$right[-nrow(ends)] & ends$right[-1])
  pairs <- unique(cbind(ends$at[begin], ends$at[begin + 1]))
  point <- pairs[, 1] == pairs[, 2]; exact <- left == right
  inside <- outer(seq_along(left), seq_len(nrow(pairs)), function(i, j)
    left[i] <= pairs[j, 1] & pairs[j, 2] <= right[i] & !(point[j] & !exact[i] & left[i] == pairs[j, 1])) * 1
  list(pairs = pairs, inside = inside)
}
# The interval in which the nonparametric curve falls to a half; by self-consistency, intervals without mass left out on the way.
turnbull_median <- function(left, right) {
  where <- innermost(left, right); pairs <- where$pairs; inside <- where$inside
  p <- rep(1 / nrow(pairs), nrow(pairs))
  for (round in 1:20000) {
    new <- p * as.vector(crossprod(inside, 1 / (inside %*% p))) / length(left)
    done <- max(abs(new - p)) < 1e-13
    p <- new
    if (done) break
    if (round %% 2000 == 0) {
      kept <- p > 1e-7
      inside <- inside[, kept, drop = FALSE]; pairs <- pairs[kept, , drop = FALSE]; p <- p[kept] / sum(p[kept])
    }
  }
  at <- which(cumsum(p) >= 0.5 - 1e-9)[1]
  if (is.infinite(pairs[at, 2])) NA else pairs[at, ]
}
interval_of <- function(r) {
  right <- ifelse(r$event == 1, pmax(r$months, 0.5 / MONTH), Inf)
  list(left = pmin(r$lower, right), right = right)
}
weibull_of <- function(r, x = NULL) {
  i <- interval_of(r)
  y <- Surv(ifelse(i$left == 0, NA, i$left), ifelse(is.infinite(i$right), NA, i$right), type = "interval2")
  if (is.null(x)) x <- rep(1, nrow(r))
  formula <- if (length(unique(x)) == 1) y ~ 1 else y ~ x
  survreg(formula, dist = "weibull", control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
}
ANALYSES$interval_censored <- function(study, d, a) {
  month <- as.numeric(d$pfs_days) / MONTH
  r <- data.frame(group = words(d, a$by), lower = as.numeric(d$pfs_lower_days) / MONTH, months = month, event = as.numeric(d$pfs_event),
                  assessments = as.numeric(d$n_assessments), between = as.numeric(d$assessment_interval_days) / MONTH,
                  gap = ifelse(d$pfs_event == 1, as.numeric(d$pfs_days) - as.numeric(d$pfs_lower_days), NA) / MONTH, stringsAsFactors = FALSE)
  r$entry <- entry_of(d, "pfs")
  known <- !blank(r$group) & !is.na(r$lower) & !is.na(r$months) & !is.na(r$event)
  if (!is.null(r$entry)) known <- known & !is.na(r$entry)
  r <- r[known, ]; r <- r[r$lower <= r$months, ]
  if (!nrow(r)) return(withheld("pfs", "", "", "", "median_between"))
  late <- !is.null(r$entry) && any(r$entry > 0)
  groups <- groups_of(a, r$group)
  schedule <- c(n_assessments = "assessments", assessment_interval = "between", gap_at_event = "gap")
  enough <- function(x) !is_small(nrow(x)) && sum(x$event) >= a$minimum_events
  for (g in groups) {
    own <- r[r$group == g, ]
    say("pfs", g, "", "", "n", nrow(own)); say("pfs", g, "", "", "events", sum(own$event))
    for (name in names(schedule)) {
      x <- own[[schedule[[name]]]]; x <- x[!is.na(x)]
      if (length(x)) { q <- quantile(x, c(0.5, 0.25, 0.75), names = FALSE); say("pfs", g, name, "", "median", q[1], q[2], q[3]) }
    }
    if (!enough(own)) { withheld("pfs", g, "", "", "median_between"); withheld("pfs", g, "", "", "median"); next }
    if (late) withheld("pfs", g, "", "", "median_between") else {
      i <- interval_of(own); m <- turnbull_median(i$left, i$right)
      say("pfs", g, "", "", "median_between", m[2], m[1], m[2])
    }
    if (!late) {  # survreg takes no left truncation
      f <- weibull_of(own); slope <- c(1, f$scale * log(log(2)))
      x <- unname(coef(f)) + f$scale * log(log(2)); se <- sqrt(drop(slope %*% vcov(f) %*% slope))
      say("pfs", g, "", "", "median", exp(x), exp(x - Z * se), exp(x + Z * se))
    }
  }
  if (length(groups) != 2) return(invisible())
  pair <- versus(groups); first <- r$group == groups[1]
  if (!enough(r[first, ]) || !enough(r[!first, ])) {
    withheld("pfs", pair, "", "", "hazard_ratio"); withheld("pfs", pair, "as_dated", "", "hazard_ratio")
  } else {
    if (!late) {
      f <- weibull_of(r, 1 * first); slope <- c(0, -1 / f$scale, coef(f)[[2]] / f$scale)
      b <- -coef(f)[[2]] / f$scale; se <- sqrt(drop(slope %*% vcov(f) %*% slope)); hr <- ratio(b, se)
      say("pfs", pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3]); say("pfs", pair, "", "", "p_value", p_of(b / se))
    }
    f <- cox_of(r, 1 * first); se <- sqrt(f$var[1, 1]); hr <- ratio(coef(f), se)
    say("pfs", pair, "as_dated", "", "hazard_ratio", hr[1], hr[2], hr[3]); say("pfs", pair, "as_dated", "", "p_value", p_of(coef(f) / se))
  }
  for (name in names(schedule)) {
    x <- r[[schedule[[name]]]]; samples <- list(x[first & !is.na(x)], x[!first & !is.na(x)]); all <- unlist(samples)
    if (is_small(lengths(samples)) || diff(range(all)) == 0) { withheld("pfs", pair, name, "", "p_value"); next }
    w <- suppressWarnings(wilcox.test(samples[[1]], samples[[2]]))
    say("pfs", pair, name, "", "p_value", w$p.value); say("pfs", pair, name, "", "test_statistic", w$statistic)
    if (!(all(lengths(samples) < 50) && !anyDuplicated(all))) say("pfs", pair, name, "", "z_statistic", rank_sum_z(samples[[1]], samples[[2]]))
  }
}
