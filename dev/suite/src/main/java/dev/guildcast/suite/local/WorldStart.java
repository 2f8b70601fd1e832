package dev.guildcast.suite.local;

import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.world.GuildMembershipProbe;
import dev.guildcast.suite.world.WorldLoader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Loads the world of a suite, unless an earlier one in its folder has, and waits until identifying clients receive it.
///
/// - **Owner:** the thread that calls [#isDone].
final class WorldStart {
    /// Limit for the time from ingress' acknowledgement until identifying clients are in all their guilds.
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(20);

    private final SuiteState state;
    private final URI ingress;
    private final Supplier<GuildMembershipProbe> membershipProbe;
    private final Consumer<String> console;
    private @Nullable Map<Long, Set<Long>> expected;
    private long deadlineNanos;
    private String lastFailure = "";

    /// @param ingress where events are posted
    /// @param membershipProbe of the session hosts that are ready
    /// @param console receives messages for the terminal
    WorldStart(
            SuiteState state, URI ingress, Supplier<GuildMembershipProbe> membershipProbe, Consumer<String> console) {
        this.state = state;
        this.ingress = ingress;
        this.membershipProbe = membershipProbe;
        this.console = console;
    }

    /// Makes one attempt; to be called while all services are ready.
    ///
    /// @return whether clients may identify
    boolean isDone() {
        if (expected == null) {
            // What has happened to a world that was loaded earlier is not known here.
            if (state.isLoaded()) {
                return true;
            }
            if (!load()) {
                return false;
            }
            expected = state.world().memberships();
            deadlineNanos = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        }
        var missing = membershipProbe.get().usersMissingGuilds(expected);
        boolean late = !missing.isEmpty() && System.nanoTime() - deadlineNanos > 0;
        if (late) {
            console.accept("after " + VISIBLE_WITHIN.toSeconds() + " s these users are not in all their guilds yet: "
                    + missing.stream().map(Long::toUnsignedString).collect(Collectors.joining(", ")));
        }
        if (missing.isEmpty() || late) {
            remember();
            return true;
        }
        return false;
    }

    private boolean load() {
        try {
            new WorldLoader(new HttpIngressClient(ingress, state.tokens().world()), console)
                    .load(state.world())
                    .forEach(console);
            return true;
        } catch (IOException e) {
            reportOnce("the world is not loaded yet, trying again: " + e.getMessage());
            return false;
        }
    }

    private void remember() {
        try {
            state.onLoaded();
        } catch (IOException e) {
            reportOnce(
                    "the next start will load the world again, because its mark cannot be written: " + e.getMessage());
        }
    }

    private void reportOnce(String failure) {
        if (!failure.equals(lastFailure)) {
            lastFailure = failure;
            console.accept(failure);
        }
    }
}
