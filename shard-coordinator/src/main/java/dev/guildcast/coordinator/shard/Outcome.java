package dev.guildcast.coordinator.shard;

import dev.guildcast.coordinator.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What follows from one event: the decision is kept first, then the orders are given.
///
/// @param decision null where nothing changes
record Outcome(@Nullable Decision decision, List<Order> orders) {
    Outcome {
        orders = List.copyOf(orders);
    }
}
