package dev.guildcast.demo;

import dev.guildcast.witness.verdict.ClientVerdict;
import dev.guildcast.witness.verdict.DeliveryFault;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.List;
import java.util.Locale;

/// The result that is printed at the end.
///
/// @param published events that were published, without repeats
/// @param problems with publishing itself
/// @param startedNanos start of the elapsed times on the terminal
record VerdictTable(int published, List<ClientVerdict> verdicts, List<String> problems, long startedNanos) {
    /// More would scroll the table off the screen.
    private static final int FAULTS_SHOWN = 12;
    private static final String HEADER = "%-20s %9s %9s %9s %6s %9s %13s %8s %9s %9s %8s%n";
    private static final String ROW = "%-20s %9d %9d %9d %6d %9d %13d %8d %7.1f s %7.1f s %8d%n";

    boolean passed() {
        return problems.isEmpty() && verdicts.stream().allMatch(ClientVerdict::passed);
    }

    /// The table, followed by all faults and problems.
    String table() {
        var text = new StringBuilder();
        text.append('\n')
                .append(String.format(
                        HEADER,
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
                    (each.longestSilence().fromNanos() - startedNanos) / 1e9,
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
    String summary() {
        if (passed()) {
            return "GOOD: every client received every event it was entitled to, in order, once.";
        }
        long faults = verdicts.stream()
                .map(ClientVerdict::faults)
                .mapToLong(List<DeliveryFault>::size)
                .sum();
        return "BAD: " + faults + " faults with clients, " + problems.size() + " with publishing.";
    }
}
