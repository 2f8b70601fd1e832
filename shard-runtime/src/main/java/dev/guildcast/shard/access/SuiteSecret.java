package dev.guildcast.shard.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/// What the processes of one suite share on one machine, instead of certificates: who knows it belongs to the suite.
///
/// Immutable. Its text is never printed: it leaves only by [#text], into a call's header.
public final class SuiteSecret {
    /// 128 bits as hex digits; `up` makes 256.
    public static final int CHARS_MIN = 32;
    /// Bounds what a wrong path, or a wrong caller, makes this process read.
    private static final int CHARS_MAX = 512;

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.GROUP_WRITE);

    private final String text;
    private final byte[] digest;

    private SuiteSecret(String text) {
        this.text = text;
        this.digest = sha256(text);
    }

    /// @throws IllegalArgumentException if it has less than [#CHARS_MIN] characters, or others than printable ASCII;
    ///     the message does not contain it
    public static SuiteSecret of(String text) {
        if (text.length() < CHARS_MIN || text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("the secret has " + text.length() + " characters (expected: " + CHARS_MIN
                    + " to " + CHARS_MAX + ", such as the output of `openssl rand -hex 32`)");
        }
        if (!text.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
            throw new IllegalArgumentException(
                    "the secret contains characters other than printable ASCII, or spaces (expected: such as the output"
                            + " of `openssl rand -hex 32`)");
        }
        return new SuiteSecret(text);
    }

    /// Reads a file that contains nothing else; a line break at its end is ignored.
    ///
    /// @throws IllegalArgumentException if others may read the file, or its content is no secret; the message names
    ///     the file, not its content
    public static SuiteSecret read(Path file) {
        try {
            var posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (posix != null && posix.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
                throw new IllegalArgumentException(
                        file + " is open to others than its owner: run `chmod 600 " + file + "`");
            }
            if (Files.size(file) > CHARS_MAX + 2) {
                throw new IllegalArgumentException(file + " is longer than " + CHARS_MAX + " characters");
            }
            return of(Files.readString(file, StandardCharsets.ISO_8859_1).stripTrailing());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the secret in " + file + ": " + e.getMessage(), e);
        }
    }

    /// Whether this is the secret. Takes the same time for any text.
    public boolean matches(String shown) {
        return MessageDigest.isEqual(digest, sha256(shown));
    }

    String text() {
        return text;
    }

    @Override
    public String toString() {
        return "SuiteSecret[hidden]";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
