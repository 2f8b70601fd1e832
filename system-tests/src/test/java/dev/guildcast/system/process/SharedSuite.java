package dev.guildcast.system.process;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands the one [ProcessSuite] of a run to each test that names it as a parameter: the first starts it, and it ends
/// with the run.
final class SharedSuite implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedSuite.class);

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
