package dev.guildcast.fanout.publisher;

import dev.guildcast.shard.access.TokenDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The publishers of an installation, found by token or by name.
///
/// - **Owner:** the watcher of their file replaces them; any thread reads.
/// - **Bound:** [#PUBLISHERS_MAX], with two tokens each.
/// - **Promise:** a token that is left out of a replacement is refused from then on, and calls of its publisher admit
///   nothing more. Tokens are known as digests only; the time that a look-up takes depends on the digest of what was
///   shown, which nobody can choose to match.
public final class Publishers {
    /// Publisher name of the events of the JSON topic.
    public static final String TOPIC_PUBLISHER = "ingress.events";
    /// Bounds the metrics by publisher.
    static final int PUBLISHERS_MAX = 256;

    private static final String SCHEME = "Bearer ";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    /// Names under which the services themselves publish; a publisher with such a name could impersonate them.
    private static final Set<String> RESERVED = Set.of(TOPIC_PUBLISHER, "voice");

    private record Directory(Map<String, Publisher> byName, Map<String, Publisher> byToken) {}

    private final LongSupplier nanoTime;
    private volatile Directory current = new Directory(Map.of(), Map.of());

    /// @param nanoTime a monotonic clock, for the quotas
    public Publishers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Takes the place of all that were known. A publisher that keeps its tokens keeps what it has used of its quotas.
    ///
    /// @throws IllegalArgumentException if a name is invalid, or two publishers share a token; then nothing changes
    public synchronized void replace(Map<String, PublisherRules> next) {
        if (next.size() > PUBLISHERS_MAX) {
            throw new IllegalArgumentException(next.size() + " publishers (expected: at most " + PUBLISHERS_MAX + ")");
        }
        var owners = new HashMap<String, String>();
        next.forEach((name, rules) -> {
            verifyName(name);
            for (var token : rules.tokens()) {
                var other = owners.putIfAbsent(token, name);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "publishers " + other + " and " + name + " have the same token (expected: one each)");
                }
            }
        });
        var byName = new LinkedHashMap<String, Publisher>();
        var byToken = new HashMap<String, Publisher>();
        next.forEach((name, rules) -> {
            var publisher = kept(name, rules).orElseGet(() -> new Publisher(name, rules, nanoTime));
            byName.put(name, publisher);
            rules.tokens().forEach(token -> byToken.put(token, publisher));
        });
        var former = current;
        current = new Directory(Map.copyOf(byName), Map.copyOf(byToken));
        former.byName().values().stream()
                .filter(publisher -> byName.get(publisher.name()) != publisher)
                .forEach(Publisher::revoke);
    }

    /// The known publisher, if none of its tokens was taken away.
    private Optional<Publisher> kept(String name, PublisherRules rules) {
        var known = current.byName().get(name);
        if (known == null || !rules.tokens().containsAll(known.rules().tokens())) {
            return Optional.empty();
        }
        known.replace(rules);
        return Optional.of(known);
    }

    private static void verifyName(String name) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new IllegalArgumentException("publisher '" + name
                    + "' (expected: 1 to 64 letters, digits, '.', '_', '-', and none of the services' own: "
                    + String.join(", ", new TreeSet<>(RESERVED)) + ")");
        }
    }

    public boolean isEmpty() {
        return current.byName().isEmpty();
    }

    /// @param authorization the header's value; null when it is absent
    /// @return the publisher whose token it holds
    public Optional<Publisher> authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var token = authorization.substring(SCHEME.length()).strip();
        return Optional.ofNullable(current.byToken().get(TokenDigest.of(token)));
    }

    /// @return the publisher of this name
    public Optional<Publisher> named(String name) {
        return Optional.ofNullable(current.byName().get(name));
    }
}
