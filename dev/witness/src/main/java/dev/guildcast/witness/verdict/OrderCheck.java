package dev.guildcast.witness.verdict;

import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a client received events in an order that their logs can have had.
final class OrderCheck {
    private final Map<String, Long> highest = new HashMap<>();
    private long latestSent = Long.MIN_VALUE;

    private OrderCheck() {}

    static List<DeliveryFault> check(StreamSegment segment) {
        var faults = new ArrayList<DeliveryFault>();
        Map<String, OrderCheck> scopes = new HashMap<>();
        segment.matches.stream()
                .sorted(Comparator.comparingInt(StreamSegment.Match::position))
                .forEach(match -> {
                    PublishedEvent cause = match.cause();
                    if (!scopes.computeIfAbsent(cause.scope(), ignored -> new OrderCheck())
                            .isInOrder(cause)) {
                        faults.add(new DeliveryFault(Kind.OUT_OF_ORDER, cause.type() + " " + cause.mark()));
                    }
                });
        return faults;
    }

    private boolean isInOrder(PublishedEvent cause) {
        boolean late =
                cause.sequence() < highest.getOrDefault(cause.publisher(), 0L) || cause.ackedNanos() <= latestSent;
        highest.merge(cause.publisher(), cause.sequence(), Math::max);
        latestSent = Math.max(latestSent, cause.sentNanos());
        return !late;
    }
}
