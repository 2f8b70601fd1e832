package dev.guildcast.shard.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of a service that uses Redis, gRPC and Kafka, for its `ArchitectureTest` to inherit.
public abstract class ServiceArchitecture {
    private final Class<?> application;
    private final JavaClasses classes;

    /// @param application the main class, in the service's root package
    protected ServiceArchitecture(Class<?> application) {
        this.application = application;
        this.classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(application.getPackageName())
                .that(describe(
                        "are written by hand", type -> !type.getPackageName().endsWith(".v1")));
    }

    @Test
    void onlyAdaptersNamedForATechnologyTouchIt() {
        onlyNamed("Redis", "org.springframework.data.redis..", "io.lettuce..");
        onlyNamed("Grpc", "io.grpc..", "org.springframework.grpc..");
        onlyNamed(
                "Kafka",
                "org.apache.kafka..",
                "org.springframework.kafka..",
                "org.springframework.cloud.stream..",
                "org.springframework.integration..");
    }

    @Test
    void packagesHaveNoCycles() {
        PackageRules.assertFreeOfCycles(classes, application.getPackageName());
    }

    @Test
    void noPackageIsNamedForALayer() {
        noClasses()
                .should()
                .resideInAnyPackage("..controller..", "..service..", "..dto..", "..impl..", "..util..", "..config..")
                .check(classes);
    }

    private void onlyNamed(String technology, String... packages) {
        noClasses()
                .that(describe(
                        "are not named for " + technology,
                        type -> !outermost(type).startsWith(technology)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(classes);
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getSimpleName();
    }
}
