package dev.guildcast.suite.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailurePrinterTest {
    @Test
    void saysWhatFailedAndWhy() {
        assertThat(FailurePrinter.sentence(new NoSuchFileException("/a/b"))).isEqualTo("/a/b: there is no such file");
        assertThat(FailurePrinter.sentence(new UncheckedIOException("cannot read /a", new NoSuchFileException("/a"))))
                .isEqualTo("cannot read /a: there is no such file");
        assertThat(FailurePrinter.sentence(new UncheckedIOException(new AccessDeniedException("/a"))))
                .startsWith("/a: permission is denied");
        assertThat(FailurePrinter.sentence(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("/a: No space left on device");
        assertThat(FailurePrinter.sentence(new IOException("broken"))).isEqualTo("broken");
        assertThat(FailurePrinter.sentence(new ExecutionException(new IllegalStateException("because"))))
                .isEqualTo("because");
        assertThat(FailurePrinter.sentence(new NullPointerException("x")))
                .isEqualTo("unexpected java.lang.NullPointerException: x");
        assertThat(FailurePrinter.sentence(new IllegalStateException()))
                .isEqualTo("unexpected java.lang.IllegalStateException");
    }
}
