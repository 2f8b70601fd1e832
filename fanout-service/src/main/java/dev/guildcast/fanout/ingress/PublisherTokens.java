package dev.guildcast.fanout.ingress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Identifies publishers by their bearer tokens. Tokens are kept as digests and compared in constant time.
final class PublisherTokens {
    private static final String SCHEME = "Bearer ";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
    /// Publisher name of the events of the JSON topic.
    static final String TOPIC_PUBLISHER = "ingress.events";
    /// Names under which the services themselves publish; a publisher with such a name could impersonate them.
    private static final Set<String> RESERVED = Set.of(TOPIC_PUBLISHER, "voice");

    private final Map<String, byte[]> digests = new LinkedHashMap<>();

    /// @param tokens publisher to token
    /// @throws IllegalArgumentException if a name or token is invalid, or two publishers share a token
    PublisherTokens(Map<String, String> tokens) {
        var publishers = new LinkedHashMap<String, String>();
        tokens.forEach((publisher, token) -> {
            if (!NAME.matcher(publisher).matches() || RESERVED.contains(publisher)) {
                throw new IllegalArgumentException("ingress.tokens: publisher '" + publisher
                        + "' (expected: 1 to 64 letters, digits, '.', '_', '-', and none of the services' own: "
                        + String.join(", ", new TreeSet<>(RESERVED)) + ")");
            }
            if (token.isBlank() || !token.equals(token.strip())) {
                throw new IllegalArgumentException(
                        "ingress.tokens." + publisher + ": empty, or with space around it (expected: a token)");
            }
            var other = publishers.putIfAbsent(token, publisher);
            if (other != null) {
                throw new IllegalArgumentException(
                        "ingress.tokens: " + other + " and " + publisher + " have the same token (expected: one each)");
            }
            digests.put(publisher, digest(token));
        });
    }

    /// Reads lines of `publisher=token`; empty ones and those that start with `#` are skipped.
    static Map<String, String> read(Path file) {
        var tokens = new LinkedHashMap<String, String>();
        try {
            for (var line : Files.readAllLines(file)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                int equals = line.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            "ingress.tokens-file " + file + ": a line without publisher (expected: publisher=token)");
                }
                tokens.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ingress.tokens-file " + file + " cannot be read", e);
        }
        return tokens;
    }

    boolean isEmpty() {
        return digests.isEmpty();
    }

    /// @param authorization the header's value; null when it is absent
    /// @return the publisher whose token it holds
    Optional<String> publisher(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var digest = digest(authorization.substring(SCHEME.length()).strip());
        String found = null;
        for (var entry : digests.entrySet()) {
            // All are compared, always, so that the time taken reveals nothing.
            if (MessageDigest.isEqual(entry.getValue(), digest)) {
                found = entry.getKey();
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }
}
