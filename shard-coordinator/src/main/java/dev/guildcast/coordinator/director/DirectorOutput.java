package dev.guildcast.coordinator.director;

import dev.guildcast.coordinator.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The output of the director for one event: the decision is committed first, then the directives are sent.
///
/// @param decision null if nothing changes
public record DirectorOutput(@Nullable Decision decision, List<PendingDirective> directives) {
    public DirectorOutput {
        directives = List.copyOf(directives);
    }
}
