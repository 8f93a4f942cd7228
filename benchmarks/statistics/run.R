# The steps of run.py in R: mice, MatchIt, survival. Rscript run.R TABLE RUNS; prints JSON.
suppressPackageStartupMessages({library(mice); library(MatchIt); library(survival); library(jsonlite)})
a <- commandArgs(TRUE)
patients <- read.csv(a[1], na.strings = "", stringsAsFactors = TRUE)
patients$patient_id <- NULL
patients$pattern <- relevel(patients$pattern, "systemic")
patients$pd_l1 <- factor(patients$pd_l1, c("<1%", "1-49%", ">=50%"), ordered = TRUE)
patients$ecog <- factor(patients$ecog)
patients$died <- as.integer(patients$os_event == "true")
patients$months <- patients$os_days / 30.4375
patients$os_event <- patients$os_days <- NULL
covariates <- c("age_years", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1")
m <- 5

smd_levels <- function(x, g) { # of every level, and of the factor as a whole (Yang & Dalton)
  shares <- prop.table(table(x, g), 2); p <- shares[, 1]; q <- shares[, 2]
  covariance <- (diag(p) - p %o% p + diag(q) - q %o% q) / 2
  whole <- sqrt(mahalanobis(p[-1], q[-1], covariance[-1, -1, drop = FALSE]))
  c(whole, (p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2))
}
table_1 <- function(d) lapply(covariates, function(v) {
  x <- d[[v]]; g <- d$pattern
  if (is.numeric(x)) {
    parts <- c(list(x), split(x, g))
    s <- lapply(parts, function(y) c(quantile(y, c(.25, .5, .75)), mean(y), sd(y)))
    normal <- all(sapply(parts[-1], function(y) length(y) <= 5000 && shapiro.test(y)$p.value >= .05))
    test <- if (normal) t.test(x ~ g) else wilcox.test(x ~ g)
    list(s, p = test$p.value, chi = NA, df = NA, smd = (s[[2]][4] - s[[3]][4]) / sqrt((s[[2]][5]^2 + s[[3]][5]^2) / 2))
  } else {
    t <- table(x, g)
    test <- suppressWarnings(chisq.test(t, correct = FALSE))
    fisher <- if (nrow(t) == 2 && any(test$expected < 5)) fisher.test(t)$p.value
    list(list(t, prop.table(t, 2), rowSums(t), sum(is.na(x))), p = c(fisher, test$p.value)[1],
         chi = unname(test$statistic), df = unname(test$parameter), smd = smd_levels(x, g))
  }
})
survival_of <- function(d, paired) {
  fit <- survfit(Surv(months, died) ~ pattern, d, conf.type = "log-log")
  found <- list(curve = fit, median = quantile(fit, 0.5), at = summary(fit, times = c(6, 12, 24), extend = TRUE),
                rank = survdiff(Surv(months, died) ~ pattern, d)$chisq)
  found$cox <- if (paired) coxph(Surv(months, died) ~ pattern + cluster(subclass), d) else coxph(Surv(months, died) ~ pattern, d)
  found
}
d2 <- function(chi, k) { # Li, Meng, Raghunathan & Rubin 1991
  r <- (1 + 1 / m) * var(sqrt(chi)); D <- (mean(chi) / k - (m + 1) / (m - 1) * r) / (1 + r)
  v <- k^(-3 / m) * (m - 1) * (1 + 1 / r)^2
  pf(max(D, 0), k, v, lower.tail = FALSE)
}

analyse <- function() {
  seconds <- list()
  started <- proc.time()[["elapsed"]]
  timed <- function(step, act) {
    s <- system.time(v <- act, gcFirst = FALSE)
    seconds[[step]] <<- s[["user.self"]] + s[["sys.self"]]
    v
  }
  # One column is incomplete: rounds after the first change nothing.
  versions <- timed("impute", {
    d <- patients; d$hazard <- nelsonaalen(d, months, died); d$months_kept <- d$months; d$months <- NULL
    predictors <- make.predictorMatrix(d); predictors[, "months_kept"] <- 0
    done <- mice(d, m = m, maxit = 1, method = ifelse(names(d) == "pd_l1", "polr", ""), predictorMatrix = predictors, printFlag = FALSE)
    lapply(seq_len(m), function(i) { v <- complete(done, i); v$months <- v$months_kept; v })
  })
  timed("before", list(table_1(patients), survival_of(patients, FALSE)))
  matched <- timed("match", lapply(versions, function(v) {
    # MatchIt 4.5.1 cuts distances to whole numbers: the score goes in as numbers, times 1e8, and so does the caliper.
    v$pd_l1 <- factor(v$pd_l1, ordered = FALSE)
    formula <- reformulate(covariates, "pattern")
    score <- predict(glm(formula, binomial, v))
    found <- matchit(formula, v, method = "nearest", distance = score * 1e8, caliper = 0.02 * 1e8, std.caliper = FALSE,
                     m.order = "largest")
    list(balance = summary(found, standardize = TRUE), data = match.data(found))
  }))
  timed("table_1", {
    tables <- lapply(matched, function(v) table_1(v$data))
    lapply(seq_along(covariates), function(i) {
      one <- lapply(tables, `[[`, i)
      if (is.na(one[[1]]$chi)) median(sapply(one, `[[`, "p")) else d2(sapply(one, `[[`, "chi"), one[[1]]$df)
    })
  })
  cox <- timed("survival", {
    found <- lapply(matched, function(v) survival_of(v$data, TRUE))
    d2(sapply(found, `[[`, "rank"), 1)
    times <- sort(unique(unlist(lapply(found, function(f) f$curve$time)))) # curves pooled on log(-log S)
    for (g in 1:2) rowMeans(sapply(found, function(f) {
      s <- summary(f$curve[g], times = times, extend = TRUE); log(-log(s$surv))
    }))
    summary(pool(as.mira(lapply(found, `[[`, "cox"))), conf.int = TRUE)
  })
  list(seconds = seconds, wall = proc.time()[["elapsed"]] - started, hazard_ratio = exp(c(cox$estimate, cox$`2.5 %`, cox$`97.5 %`)),
       pairs = mean(sapply(matched, function(v) nrow(v$data) / 2)))
}

set.seed(1)
done <- lapply(seq_len(as.integer(a[2])), function(run) analyse())
totals <- sapply(done, function(run) sum(unlist(run$seconds)))
best <- c(done[[which.min(totals)]], first = totals[1])
status <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
line <- grep("^VmHWM", status, value = TRUE)
best$memory_gb <- if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1e6 else NULL
cat(toJSON(best, auto_unbox = TRUE, digits = NA))
