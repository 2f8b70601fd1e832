package dev.guildcast.system.process;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Resolves [ProcessSuite] parameters with the one suite of a test run: the first test starts it, and it stops with the
/// run.
final class SharedSuiteExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedSuiteExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ProcessSuite.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(ProcessSuite.class, ignored -> ProcessSuite.start(), ProcessSuite.class);
    }
}
