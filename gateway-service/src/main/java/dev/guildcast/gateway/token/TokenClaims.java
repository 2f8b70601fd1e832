package dev.guildcast.gateway.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads an [Identity] from the claims of a token, the same for JWT and introspection: `sub` is the user id, then
/// `name`, `bot`, `app` (the application id), `app_flags`, and a `scope` that must contain `gateway`.
final class TokenClaims {
    private static final String SCOPE = "gateway";

    /// Longer than any connection lives, and well within the range of a count of nanoseconds.
    private static final Duration USABLE_MAX = Duration.ofDays(3650);

    private TokenClaims() {}

    /// @param grace how long after `exp` connections may live
    static TokenVerdict read(Map<String, Object> claims, Instant now, Duration grace) {
        long userId = number(claims.get("sub")).orElse(0L);
        if (userId == 0 || !holdsScope(claims.get("scope"))) {
            return TokenVerdict.Rejected.REJECTED;
        }
        boolean bot = claims.get("bot") instanceof Boolean it && it;
        var name =
                claims.get("name") instanceof String it && !it.isEmpty() ? it : "user-" + Long.toUnsignedString(userId);
        var identity = new Identity(
                userId,
                UserObject.ofName(userId, name, bot),
                bot,
                number(claims.get("app")).orElse(bot ? userId : 0L),
                number(claims.get("app_flags")).orElse(0L));
        return new TokenVerdict.Verified(identity, usableFor(claims.get("exp"), now, grace));
    }

    private static Optional<Duration> usableFor(@Nullable Object expiry, Instant now, Duration grace) {
        if (!(expiry instanceof Instant at)) {
            return Optional.empty();
        }
        var left = Duration.between(now, at).plus(grace);
        return Optional.of(left.isNegative() ? Duration.ZERO : left.compareTo(USABLE_MAX) > 0 ? USABLE_MAX : left);
    }

    private static boolean holdsScope(@Nullable Object scope) {
        if (scope instanceof String text) {
            return Arrays.asList(text.split(" ")).contains(SCOPE);
        }
        return scope instanceof Collection<?> list && list.contains(SCOPE);
    }

    private static Optional<Long> number(@Nullable Object claim) {
        if (claim instanceof Number it) {
            return Optional.of(it.longValue());
        }
        return claim instanceof String text ? parse(text) : Optional.empty();
    }

    private static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
