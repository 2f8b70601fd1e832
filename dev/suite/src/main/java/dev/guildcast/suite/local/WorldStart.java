package dev.guildcast.suite.local;

import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.world.GuildMembershipProbe;
import dev.guildcast.suite.world.WorldLoader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
    /// From ingress' acknowledgement until identifying clients are in all their guilds takes a second or two; the wait
    /// is reported when it takes this long, and again each time as long.
    private static final Duration REPORT_EVERY = Duration.ofSeconds(20);
    /// Users whom a report lists; a world may have thousands.
    private static final int REPORTED_USERS_MAX = 10;

    private final SuiteState state;
    private final URI ingress;
    private final Supplier<List<String>> sessionHosts;
    private final Consumer<String> console;
    private @Nullable Map<Long, Set<Long>> expected;
    private long reportNanos;
    private String lastFailure = "";

    /// @param ingress where events are posted
    /// @param sessionHosts `host:port` of those that are ready
    /// @param console receives messages for the terminal
    WorldStart(SuiteState state, URI ingress, Supplier<List<String>> sessionHosts, Consumer<String> console) {
        this.state = state;
        this.ingress = ingress;
        this.sessionHosts = sessionHosts;
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
            reportNanos = System.nanoTime() + REPORT_EVERY.toNanos();
        }
        var missing = new GuildMembershipProbe(sessionHosts.get()).usersMissingGuilds(expected);
        if (missing.isEmpty()) {
            remember();
            return true;
        }
        if (System.nanoTime() - reportNanos > 0) {
            reportNanos += REPORT_EVERY.toNanos();
            console.accept(missingText(missing));
        }
        return false;
    }

    static String missingText(List<Long> users) {
        var listed = users.stream()
                .limit(REPORTED_USERS_MAX)
                .map(Long::toUnsignedString)
                .collect(Collectors.joining(", "));
        int others = users.size() - REPORTED_USERS_MAX;
        return "waiting until the world's users are in all their guilds; these are not yet: " + listed
                + (others > 0 ? " and " + others + " others" : "");
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
