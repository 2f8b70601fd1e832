package dev.guildcast.shard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteSecretTest {
    private static final String TEXT = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    @Test
    void matchesItselfOnly() {
        var secret = SuiteSecret.of(TEXT);
        assertThat(secret.matches(TEXT)).isTrue();
        assertThat(secret.matches(TEXT + "0")).isFalse();
        assertThat(secret.matches("")).isFalse();
    }

    @Test
    void isNeverPrinted() {
        assertThat(SuiteSecret.of(TEXT)).asString().doesNotContain(TEXT);
        var spoilt = TEXT + "\u001b[31m";
        assertThatThrownBy(() -> SuiteSecret.of(spoilt)).message().doesNotContain(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdef0123456789abcde", "0123456789abcdef 0123456789abcdef"})
    void isNotGuessable(String text) {
        assertThatThrownBy(() -> SuiteSecret.of(text)).hasMessageContaining("openssl rand -hex 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "r--r-----"})
    void isReadFromAFileOfItsOwner(String permissions) throws IOException {
        assertThat(SuiteSecret.read(file(permissions)).matches(TEXT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"})
    void isNotReadFromAFileThatIsOpenToOthers(String permissions) throws IOException {
        var file = file(permissions);
        assertThatThrownBy(() -> SuiteSecret.read(file))
                .hasMessageContaining("chmod 600")
                .message()
                .doesNotContain(TEXT);
    }

    private Path file(String permissions) throws IOException {
        var file = Files.writeString(folder.resolve("secret"), TEXT + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
