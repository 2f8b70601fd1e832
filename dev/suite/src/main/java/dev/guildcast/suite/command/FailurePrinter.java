package dev.guildcast.suite.command;

import dev.guildcast.suite.status.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Prints a failed command as one sentence; with `--verbose` its stack trace, too.
public final class FailurePrinter implements IExecutionExceptionHandler {
    private final int exitCode;

    /// @param exitCode of the process then
    public FailurePrinter(int exitCode) {
        this.exitCode = exitCode;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        command.getErr().println(sentence(e));
        boolean verbose = parsed.originalArgs().contains("--verbose");
        if (verbose) {
            e.printStackTrace(command.getErr());
        } else if (isUnexpected(e)) {
            command.getErr().println("this is a bug in the launcher: the option --verbose prints where it happened");
        }
        return exitCode;
    }

    static String sentence(Throwable e) {
        if (e instanceof InterruptedException) {
            return "interrupted";
        }
        if (e instanceof ExecutionException && e.getCause() != null) {
            return sentence(e.getCause());
        }
        if (e instanceof UncheckedIOException io) {
            var own = io.getMessage();
            return own == null || isCausesOwn(io)
                    ? sentence(causeOf(io))
                    : own + ": " + FileFailure.reason(causeOf(io));
        }
        if (e instanceof FileSystemException file && file.getFile() != null) {
            return file.getFile() + ": " + FileFailure.reason(file);
        }
        if (e instanceof IOException io) {
            return FileFailure.reason(io);
        }
        var message = e.getMessage();
        return isUnexpected(e) || message == null ? "unexpected " + e : message;
    }

    /// Its constructors require one.
    private static IOException causeOf(UncheckedIOException e) {
        return Objects.requireNonNull(e.getCause());
    }

    /// Whether the message only repeats the cause, as the constructor without a message makes it.
    private static boolean isCausesOwn(UncheckedIOException e) {
        return causeOf(e).toString().equals(e.getMessage());
    }

    /// Messages for the user are thrown as these three.
    private static boolean isUnexpected(Throwable e) {
        return !(e instanceof IllegalStateException
                || e instanceof IllegalArgumentException
                || e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof ExecutionException
                || e instanceof InterruptedException);
    }
}
