# ---- competing risks: incidence of each first event; Gray's test, Fine-Gray and cause-specific Cox ------------------
CAUSES <- c("oligoprogression", "systemic", "death_without_progression", "progression_without_pattern")
ANALYSES$competing_risks <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("", "", "", "", "incidence"))
  d$entry <- entry_of(d, "pfs")
  d <- keep(d, !blank(d$pfs_days) & !blank(d$entry %||% d$pfs_days))
  d$months <- d$pfs_days / MONTH
  d$cause <- ifelse(d$pfs_event == 0, 0, ifelse(blank(d$progressed_day), 3, ifelse(d$pattern %in% CAUSES[1], 1, ifelse(d$pattern %in% CAUSES[2], 2, 4))))
  say("", "", "", "", "n", nrow(d))
  here <- intersect(1:4, sort(unique(d$cause)))
  state <- factor(d$cause, c(0, 1, 2, 3, 4)); id <- seq_len(nrow(d))
  fit <- if (is.null(d$entry)) survfit(Surv(d$months, state) ~ 1, conf.type = "log-log")
         else survfit(Surv(d$entry, d$months, state) ~ 1, id = id, conf.type = "log-log")
  for (code in 1:4) {
    if (code == 4 && !(4 %in% here)) next
    say("", CAUSES[code], "", "", "events", sum(d$cause == code))
    column <- which(fit$states == as.character(code))
    for (t in c(3, 6, 9, 12, 18, 24)) {
      statistic <- paste0("incidence_", t, "_months")
      if (is_small(nrow(d)) || t > max(d$months)) { withheld("", CAUSES[code], "", "", statistic); next }
      step <- findInterval(t, fit$time)
      x <- if (step == 0 || !length(column)) c(0, NA, NA) else
        c(fit$pstate[step, column], fit$lower[step, column], fit$upper[step, column])
      if (x[1] == 0) x <- c(0, NA, NA)
      say("", CAUSES[code], "", "", statistic, x[1], x[2], x[3])
    }
  }
  for (v in a$variables) compare_causes(d, v, a)
}
compare_causes <- function(d, v, a) {
  x <- if (v %in% names(d)) keep(d, !blank(words(d, v))) else keep(d, FALSE)
  if (!nrow(x) || !is_levels(d, v) || !is.null(left_out(list(x), v))) {
    for (code in 1:2) withheld(CAUSES[code], "", v, "", "p_value_gray")
    return(invisible())
  }
  of <- words(x, v)
  levels <- levels_of(v, of)
  pair <- versus(levels); two <- length(levels) == 2
  x$first <- as.numeric(of == levels[1])
  for (code in 1:2) {
    put <- function(...) say(CAUSES[code], "", v, ...)
    n <- vapply(levels, function(l) c(sum(of == l), sum(of == l & x$cause == code)), c(0, 0))
    if (is_small(n[1, ]) || min(n[2, ]) < a$minimum_events) {
      put("", "p_value_gray", NA)
      if (two) put(pair, "subdistribution_hazard_ratio", NA)
      next
    }
    # Gray and Fine-Gray keep patients who had another event at risk, of whom it cannot be known when they entered.
    late <- !is.null(x$entry)
    gray <- if (late) c(NA, NA) else gray_test(x$months, x$cause, match(of, levels), code)
    put("", "p_value_gray", gray[2])
    if (!is.na(gray[1])) put("", "test_statistic", gray[1])
    if (!two) next
    cs <- cox_of(x, x$first, event = as.numeric(x$cause == code))
    if (!is.null(cs)) {
      hr <- ratio(coef(cs), sqrt(cs$var[1]))
      put(pair, "cause_specific_hazard_ratio", hr[1], hr[2], hr[3])
      put(pair, "p_value_cause_specific", p_of(coef(cs) / sqrt(cs$var[1])))
    }
    if (late) { put(pair, "subdistribution_hazard_ratio", NA); next }
    fg <- fine_gray(x$months, x$cause, x$first, code)
    if (is.null(fg)) next
    hr <- ratio(fg[1], fg[2])
    put(pair, "subdistribution_hazard_ratio", hr[1], hr[2], hr[3])
    put(pair, "p_value_subdistribution", p_of(fg[1] / fg[2]))
  }
}
# Fine & Gray 1999 with one column: who had another event stays at risk, by the share not censored since; ties by Breslow, and the
# variance with the estimation of the censoring (as crr of the package cmprsk). Log ratio and its standard error.
fine_gray <- function(months, cause, z, code) {
  at <- sort(unique(months[cause == code]))
  d <- tabulate(match(months[cause == code], at), length(at))
  times <- sort(unique(months))
  at_risk <- vapply(times, function(t) sum(months >= t), 0)
  censored <- vapply(times, function(t) sum(cause == 0 & months == t), 0)
  left <- cumprod(1 - censored / at_risk)
  before <- function(t) c(1, left)[findInterval(t, times, left.open = TRUE) + 1]
  other <- !(cause %in% c(0, code))
  w <- outer(months, at, `>=`) + other * outer(months, at, `<`) * outer(1 / before(months), before(at))
  event <- cause == code
  b <- 0
  for (i in 1:50) {
    risk <- exp(b * z)
    s0 <- colSums(w * risk); e <- colSums(w * risk * z) / s0
    information <- sum(d * e * (1 - e))
    step <- (sum(z[event]) - sum(d * e)) / information
    if (!is.finite(step) || abs(b) > 30) return(NULL)
    b <- b + step
    if (abs(step) < 1e-12) break
  }
  gone <- w * risk * outer(z, e, `-`) * rep(d / s0, each = length(z))  # of each patient at each time
  eta <- ifelse(event, z - e[match(months, at)], 0) - rowSums(gone)
  # How the score moves with the censoring at each time: by those who had another event before it, over the times from it on.
  q <- vapply(times, function(u) sum(gone[other & months < u, at >= u]), 0)
  psi <- ifelse(cause == 0, (q / at_risk)[match(months, times)], 0) -
    vapply(months, function(t) sum((q / at_risk * censored / at_risk)[times <= t]), 0)
  c(b, sqrt(sum((eta + psi)^2)) / information)
}
# Gray 1988 (rho = 0), with the corrections for tied events of his own program; chi-square and P.
gray_test <- function(months, cause, group, code) {
  k <- max(group)
  survival <- rep(1, k); incidence <- rep(0, k); all_before <- 0
  score <- rep(0, k); v3 <- rep(0, k)
  v <- v2 <- c_ <- matrix(0, k, k)
  for (t in sort(unique(months[cause != 0]))) {
    y <- tabulate(group[months >= t], k)
    d1 <- tabulate(group[months == t & cause == code], k)
    d2 <- tabulate(group[months == t & !(cause %in% c(0, code))], k)
    on <- y > 0
    h <- ifelse(on, y / survival, 0); total <- sum(h); n1 <- sum(d1)
    after <- ifelse(on, survival * (y - d1 - d2) / pmax(y, 1), survival)
    all_after <- all_before + n1 / total
    share <- ifelse(on, h * (1 - incidence), 0)
    score <- score + ifelse(on, d1 - n1 * share / sum(share), 0)
    a <- diag(h, k) - outer(h, h) / total
    c_ <- c_ + a * n1 / (total * (1 - all_before))
    for (j in which(on)) {
      if (n1 > 0) {
        t4 <- if (after[j] > 0) 1 - (1 - all_after) / after[j] else 1
        tied <- if (n1 > 1) 1 - (n1 - 1) / (total * survival[j] - 1) else 1
        t3 <- tied * survival[j] * n1 / (total * y[j])
        t1 <- a[, j] - t4 * c_[, j]
        v <- v + outer(t1, t1) * t3; v2[, j] <- v2[, j] + t1 * t4 * t3; v3[j] <- v3[j] + t4^2 * t3
      }
      if (d2[j] > 0 && after[j] > 0) {
        t4 <- (1 - all_after) / after[j]
        tied <- if (d2[j] > 1) 1 - (d2[j] - 1) / (y[j] - 1) else 1
        t3 <- tied * survival[j]^2 * d2[j] / y[j]^2
        t1 <- t4 * c_[, j]
        v <- v + outer(t1, t1) * t3; v2[, j] <- v2[, j] - t1 * t4 * t3; v3[j] <- v3[j] + t4^2 * t3
      }
    }
    incidence <- ifelse(on, incidence + survival * d1 / pmax(y, 1), incidence)
    survival <- after; all_before <- all_after
  }
  v <- v + c_ %*% t(v2) + v2 %*% t(c_) + c_ %*% (v3 * t(c_))
  free <- seq_len(k - 1)
  chi <- tryCatch(drop(t(score[free]) %*% solve(v[free, free], score[free])), error = function(e) NA)
  c(chi, pchisq(chi, k - 1, lower.tail = FALSE))
}
