package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Publication;
import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether what a client got stands in an order that its logs can have had.
final class OrderCheck {
    private final Map<String, Long> highest = new HashMap<>();
    private long latestSent = Long.MIN_VALUE;

    private OrderCheck() {}

    static List<Fault> check(Segment segment) {
        var faults = new ArrayList<Fault>();
        Map<String, OrderCheck> scopes = new HashMap<>();
        segment.matches.stream()
                .sorted(Comparator.comparingInt(Segment.Match::position))
                .forEach(match -> {
                    Publication cause = match.cause();
                    if (!scopes.computeIfAbsent(cause.scope(), ignored -> new OrderCheck())
                            .follows(cause)) {
                        faults.add(new Fault(Kind.OUT_OF_ORDER, cause.type() + " " + cause.mark()));
                    }
                });
        return faults;
    }

    private boolean follows(Publication cause) {
        boolean late =
                cause.sequence() < highest.getOrDefault(cause.publisher(), 0L) || cause.ackedNanos() <= latestSent;
        highest.merge(cause.publisher(), cause.sequence(), Math::max);
        latestSent = Math.max(latestSent, cause.sentNanos());
        return !late;
    }
}
