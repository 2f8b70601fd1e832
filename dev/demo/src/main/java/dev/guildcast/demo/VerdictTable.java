package dev.guildcast.demo;

import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.Fault;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.List;
import java.util.Locale;

/// What a person is shown at the end.
///
/// @param published events that were published, repeats apart
/// @param problems of publishing itself
/// @param beganNanos from when the times on the screen count
record VerdictTable(int published, List<ClientVerdict> verdicts, List<String> problems, long beganNanos) {
    private static final int FAULTS_SHOWN = 12;
    private static final String HEAD = "%-20s %9s %9s %9s %6s %9s %13s %8s %9s %9s %8s%n";
    private static final String ROW = "%-20s %9d %9d %9d %6d %9d %13d %8d %7.1f s %7.1f s %8d%n";

    boolean good() {
        return problems.isEmpty() && verdicts.stream().allMatch(ClientVerdict::good);
    }

    /// The table, and below it whatever is wrong.
    String text() {
        var text = new StringBuilder();
        text.append('\n')
                .append(String.format(
                        HEAD,
                        "client",
                        "published",
                        "entitled",
                        "received",
                        "lost",
                        "repeated",
                        "out of order",
                        "foreign",
                        "silence",
                        "from",
                        "resumes"));
        for (ClientVerdict each : verdicts) {
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    each.client(),
                    published,
                    each.entitled(),
                    each.received(),
                    each.count(Kind.LOST),
                    each.count(Kind.REPEATED),
                    each.count(Kind.OUT_OF_ORDER),
                    each.count(Kind.FOREIGN),
                    each.longestSilence().millis() / 1000.0,
                    (each.longestSilence().fromNanos() - beganNanos) / 1e9,
                    each.resumes()));
        }
        problems.stream()
                .limit(FAULTS_SHOWN)
                .forEach(each -> text.append("  publishing: ").append(each).append('\n'));
        for (ClientVerdict each : verdicts) {
            each.faults().stream()
                    .limit(FAULTS_SHOWN)
                    .forEach(fault -> text.append("  ")
                            .append(each.client())
                            .append(": ")
                            .append(fault)
                            .append('\n'));
            int more = each.faults().size() - FAULTS_SHOWN;
            if (more > 0) {
                text.append("  ")
                        .append(each.client())
                        .append(": and ")
                        .append(more)
                        .append(" more\n");
            }
        }
        return text.toString();
    }

    /// The verdict in one line.
    String line() {
        if (good()) {
            return "GOOD: every client got every event it was entitled to, in order, once.";
        }
        long faults = verdicts.stream()
                .map(ClientVerdict::faults)
                .mapToLong(List<Fault>::size)
                .sum();
        return "BAD: " + faults + " faults with clients, " + problems.size() + " with publishing.";
    }
}
