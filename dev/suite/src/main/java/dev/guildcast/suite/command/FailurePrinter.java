package dev.guildcast.suite.command;

import dev.guildcast.suite.status.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
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
        return switch (e) {
            case InterruptedException ignored -> "interrupted";
            case ExecutionException execution when execution.getCause() != null -> sentence(execution.getCause());
            case UncheckedIOException io when io.getMessage() != null && !isCausesOwn(io) ->
                io.getMessage() + ": " + FileFailure.reason(io.getCause());
            case UncheckedIOException io -> sentence(io.getCause());
            case FileSystemException file when file.getFile() != null ->
                file.getFile() + ": " + FileFailure.reason(file);
            case IOException io -> FileFailure.reason(io);
            default ->
                isUnexpected(e) || e.getMessage() == null ? "unexpected " + e : e.getMessage();
        };
    }

    /// Whether the message only repeats the cause, as the constructor without a message makes it.
    private static boolean isCausesOwn(UncheckedIOException e) {
        return e.getCause().toString().equals(e.getMessage());
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
