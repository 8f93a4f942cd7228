# Writes R's answers about a cohort whose times are given in months: tests/oracle/classified.json, of classified.csv.
#
#   Rscript tests/oracle/regenerate_classified.R
#
# survival.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))
suppressMessages(library(survival))

cohort <- read.csv(file.path(here, "classified.csv"), na.strings = "", fileEncoding = "UTF-8")
cohort$died <- as.integer(cohort$os_event == "dead")
progressed <- subset(cohort, !is.na(pattern))
progressed$pps <- progressed$os_months - progressed$pfs_months

answer <- function(data, time, event, by) {
  data$time <- data[[time]]
  data$event <- data[[event]]
  data$by <- factor(data[[by]])
  fit <- survfit(Surv(time, event) ~ by, data = data, conf.type = "log-log")
  table <- summary(fit)$table
  groups <- lapply(levels(data$by), function(level) {
    row <- table[paste0("by=", level), ]
    list(n = unname(row["records"]), events = unname(row["events"]), median = unname(row["median"]),
         low = unname(row["0.95LCL"]), high = unname(row["0.95UCL"]))
  })
  names(groups) <- levels(data$by)
  cox <- summary(coxph(Surv(time, event) ~ by, data = data))$conf.int
  test <- survdiff(Surv(time, event) ~ by, data = data)
  list(groups = groups, second_over_first = unname(cox[1, "exp(coef)"]),
       low = unname(cox[1, "lower .95"]), high = unname(cox[1, "upper .95"]),
       p_value = pchisq(test$chisq, 1, lower.tail = FALSE))
}
cases <- list(
  pfs_by_pattern = answer(progressed, "pfs_months", "pfs_event", "pattern"),
  os_by_pattern = answer(progressed, "os_months", "died", "pattern"),
  pps_by_pattern = answer(progressed, "pps", "died", "pattern"),
  os_by_sex = answer(cohort, "os_months", "died", "sex")
)
write_topic("classified", cases)
