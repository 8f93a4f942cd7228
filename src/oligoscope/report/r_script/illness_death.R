# ---- illness-death model: state occupation (Aalen-Johansen), rates, a Cox model of each transition ------------------
LIVING <- c("no_progression", "oligoprogression", "systemic", "progression_without_pattern")
DYING <- c("death_without_progression", "death_after_oligoprogression", "death_after_systemic", "death_after_progression_without_pattern")
if (!exists("ANALYSES")) ANALYSES <- list()
# One row a patient and state, in days: the first event as of PFS, then OS. Half a day where a state would have no length.
episodes_of <- function(d) {
  late <- rep(0, nrow(d))
  if (any(c("os_entry_days", "pfs_entry_days") %in% names(d))) {
    late <- if ("os_entry_days" %in% names(d)) as.numeric(d$os_entry_days) else NA
    if ("pfs_entry_days" %in% names(d)) late <- ifelse(is.na(late), as.numeric(d$pfs_entry_days), late)
  }
  first <- pmax(as.numeric(d$pfs_days), 0.5); end <- as.numeric(d$os_days)
  pattern <- match(d$pattern, LIVING[2:3]) + 1
  after <- ifelse(as.numeric(d$pfs_event) != 1, 0, ifelse(blank(d$progressed_day), 5, ifelse(is.na(pattern), 4, pattern)))
  i <- which(!is.na(first) & !is.na(late))
  one <- data.frame(i = i, state = 1, entered = after[i], start = late[i], stop = first[i], progressed = NA)
  i <- i[after[i] %in% 2:4 & !is.na(end[i])]
  two <- data.frame(i = i, state = after[i], entered = ifelse(as.numeric(d$os_event[i]) %in% 1, after[i] + 4, 0),
                    start = pmax(first[i], late[i]), stop = pmax(end[i], first[i] + 0.5), progressed = first[i])
  both <- rbind(one, two)
  both[both$start < both$stop, , drop = FALSE]
}
occupied_at <- function(e, states, times, tau) {
  names <- c(LIVING, DYING)
  event <- factor(ifelse(e$entered == 0, "censored", names[pmax(e$entered, 1)]), c("censored", names[states]))
  from <- factor(names[e$state], names[states])
  fit <- survfit(Surv(e$start / MONTH, e$stop / MONTH, event) ~ 1, id = e$i, istate = from, p0 = c(1, rep(0, length(states) - 1)),
                 conf.type = "log-log", influence = TRUE)
  place <- match(names[states], fit$states)
  means <- if (length(tau)) summary(fit, rmean = tau)$table[place, , drop = FALSE]
  at <- lapply(times, function(t) {
    k <- findInterval(t * (1 + 1e-9), fit$time)
    if (k == 0) return(cbind(c(1, rep(0, length(states) - 1)), NA, NA))
    x <- cbind(fit$pstate[k, place], fit$lower[k, place], fit$upper[k, place])
    x[x[, 1] <= 0 | x[, 1] >= 1, 2:3] <- NA
    x
  })
  list(at = at, means = means)
}
columns_of_model <- function(d, v) {
  if (!is_levels(d, v)) return(list(list(variable = v, level = "per unit", column = as.numeric(d[[v]]))))
  x <- words(d, v); levels <- levels_of(v, x)
  reference <- if (v %in% FIRST_IS_REFERENCE) levels[1] else levels[length(levels)]
  lapply(setdiff(levels, reference), function(l) list(variable = v, level = versus(c(l, reference)), column = as.numeric(x == l)))
}
# NULL where R warns of a ratio without bounds, or gives none.
transition_model <- function(start, stop, event, x) {
  doubt <- FALSE
  fit <- withCallingHandlers(
    tryCatch(coxph(Surv(start, stop, event) ~ x, control = coxph.control(eps = 1e-11, iter.max = 60)), error = function(e) NULL),
    warning = function(w) { doubt <<- TRUE; invokeRestart("muffleWarning") })
  if (doubt || is.null(fit) || anyNA(coef(fit)) || any(diag(fit$var) == 0)) NULL else fit
}
ANALYSES$illness_death <- function(study, d, a) {
  if (all(blank(d$os_days)) || all(d$progressed %in% "yes") || all(blank(d$progressed))) return(withheld("", "", "", "", "occupation"))
  e <- episodes_of(d)
  if (!nrow(e)) return(withheld("", "", "", "", "occupation"))
  states <- if (any(e$state == 4 | e$entered == 4)) 1:8 else c(1:3, 5:7)
  names <- c(LIVING, DYING)
  n <- length(unique(e$i))
  say("", "", "", "", "n", n)
  last <- max(e$stop) / MONTH
  tau <- c(6, 12, 24); tau <- tail(tau[tau <= last], 1)
  found <- if (is_small(n)) NULL else occupied_at(e, states, c(6, 12, 24), tau)
  for (s in seq_along(states)) {
    name <- names[states[s]]
    for (j in 1:3) {
      t <- c(6, 12, 24)[j]
      if (is.null(found) || t > last) { withheld("", name, "", "", paste0("occupation_", t, "_months")); next }
      x <- found$at[[j]][s, ]
      say("", name, "", "", paste0("occupation_", t, "_months"), x[1], x[2], x[3])
    }
    if (!is.null(found) && length(tau)) {
      m <- found$means[s, "rmean"]; se <- found$means[s, "se(rmean)"]
      say("", name, "", "", paste0("restricted_mean_", tau, "_months"), m, max(m - Z * se, 0), min(m + Z * se, tau))
    }
  }
  columns <- list()
  for (v in a$variables) {
    known <- if (v %in% base::names(d)) d[[v]][!blank(d[[v]])] else c()
    levels <- if (length(known) && is_levels(d, v)) length(unique(known)) else 0
    if (length(unique(known)) < 2 || levels > 50) withheld("", "", v, "", "hazard_ratio")
    else columns <- c(columns, columns_of_model(d, v))
  }
  design <- matrix(as.numeric(unlist(lapply(columns, function(x) x$column))), nrow(d), length(columns))
  arrows <- list(c(1, 2, 2), c(1, 3, 3), c(1, 5, 0), c(2, 6, 0), c(3, 7, 0))
  if (4 %in% states) arrows <- c(arrows, list(c(1, 4, 4), c(4, 8, 0)))
  for (arrow in arrows) {
    to <- if (arrow[3] == 0) "death" else LIVING[arrow[3]]
    transition_of(e, design, columns, arrow[1], arrow[2], to, a, modelled = arrow[1] != 4 && arrow[2] != 4, small = is_small(n))
  }
  compare_deaths(e, design, a)
}
since_of <- function(e, a) if (identical(a$clock, "reset")) ifelse(is.na(e$progressed), 0, e$progressed) else 0
transition_of <- function(e, design, columns, from, to, named, a, modelled, small) {
  x <- e[e$state == from, , drop = FALSE]
  put <- function(...) say(named, LIVING[from], ...)
  events <- sum(x$entered == to); time <- sum(x$stop - x$start) / MONTH
  put("", "", "n", length(unique(x$i)))
  put("", "", "events", events)
  if (small || !time) put("", "", "rate", NA) else {
    limits <- poisson.test(events, time)$conf.int
    put("", "", "rate", 100 * events / time, 100 * limits[1], 100 * limits[2])
  }
  if (!modelled || !length(columns)) return(invisible())
  z <- design[x$i, , drop = FALSE]
  x <- x[rowSums(is.na(z)) == 0, , drop = FALSE]; z <- design[x$i, , drop = FALSE]
  event <- as.numeric(x$entered == to); since <- since_of(x, a)
  put("", "", "events_per_parameter", sum(event) / length(columns))
  few <- nrow(x) < MINIMUM_GROUP || sum(event) < a$minimum_events || sum(event) / length(columns) < a$minimum_events_per_variable
  if (few) {
    for (column in columns) put(column$variable, column$level, "hazard_ratio", NA)
    return(invisible())
  }
  fit <- transition_model((x$start - since) / MONTH, (x$stop - since) / MONTH, event, z)
  if (is.null(fit)) return(invisible())
  for (k in seq_along(columns)) {
    b <- coef(fit)[k]; se <- sqrt(fit$var[k, k]); hr <- ratio(b, se)
    put(columns[[k]]$variable, columns[[k]]$level, "hazard_ratio", hr[1], hr[2], hr[3])
    put(columns[[k]]$variable, columns[[k]]$level, "p_value", p_of(b / se))
  }
  put("", "", "p_value_proportional_hazards", cox.zph(fit, transform = "km", terms = FALSE)$table[if (length(columns) > 1) "GLOBAL" else 1, "p"])
}
# Death after oligoprogression against death after systemic progression, in one model with one baseline hazard.
compare_deaths <- function(e, design, a) {
  e <- e[e$state %in% 2:3, , drop = FALSE]
  for (statistic in c("hazard_ratio", if (ncol(design)) "hazard_ratio_adjusted")) {
    adjust <- statistic == "hazard_ratio_adjusted"
    x <- if (adjust) e[rowSums(is.na(design[e$i, , drop = FALSE])) == 0, , drop = FALSE] else e
    z <- cbind(as.numeric(x$state == 2), if (adjust) design[x$i, , drop = FALSE])
    event <- as.numeric(x$entered > 0); since <- since_of(x, a)
    put <- function(...) say("death", "oligoprogression vs systemic", "", "", ...)
    first <- x$state == 2
    few <- min(sum(first), sum(!first)) < MINIMUM_GROUP || min(sum(event[first]), sum(event[!first])) < a$minimum_events
    if (adjust) {
      put("events_per_parameter", sum(event) / ncol(z))
      few <- few || sum(event) / ncol(z) < a$minimum_events_per_variable
    }
    if (few) { put(statistic, NA); next }
    fit <- transition_model((x$start - since) / MONTH, (x$stop - since) / MONTH, event, z)
    if (is.null(fit)) next
    hr <- ratio(coef(fit)[1], sqrt(fit$var[1, 1]))
    put(statistic, hr[1], hr[2], hr[3])
    put(if (adjust) "p_value_adjusted" else "p_value", p_of(coef(fit)[1] / sqrt(fit$var[1, 1])))
    if (!adjust) put("p_value_proportional_hazards", cox.zph(fit, transform = "km", terms = FALSE)$table[1, "p"])
  }
}
