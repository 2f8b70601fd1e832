package dev.guildcast.gateway.token;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads an [Identity] from the claims of a token, the same for JWT and introspection: `sub` is the user id, then
/// `name`, `bot`, `app` (the application id), `app_flags`, and a `scope` that must contain `gateway`.
final class TokenClaims {
    private static final String SCOPE = "gateway";

    private TokenClaims() {}

    static TokenVerdict read(Map<String, Object> claims) {
        long userId = number(claims.get("sub")).orElse(0L);
        if (userId == 0 || !holdsScope(claims.get("scope"))) {
            return TokenVerdict.Rejected.REJECTED;
        }
        boolean bot = claims.get("bot") instanceof Boolean it && it;
        var name =
                claims.get("name") instanceof String it && !it.isEmpty() ? it : "user-" + Long.toUnsignedString(userId);
        return new TokenVerdict.Verified(new Identity(
                userId,
                UserObject.ofName(userId, name, bot),
                bot,
                number(claims.get("app")).orElse(bot ? userId : 0L),
                number(claims.get("app_flags")).orElse(0L)));
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
