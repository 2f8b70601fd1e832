package dev.guildcast.session;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.session");

    @Test
    void packagesHaveNoCycles() {
        PackageRules.assertFreeOfCycles(CLASSES, "dev.guildcast.session");
    }

    @Test
    void onlyClassesNamedForATechnologyUseIt() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Grpc[^.]*")
                .and()
                .resideOutsideOfPackage("dev.guildcast.session.v1..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "org.springframework.grpc.."))
                .check(CLASSES);
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka.."))
                .check(CLASSES);
    }

    @Test
    void theMeaningOfTheLogKnowsNoFrameworkAndNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.guildcast.session.shard..",
                        "dev.guildcast.session.dispatch..",
                        "dev.guildcast.session.audience..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.springframework..", "java.time.chrono..", "java.util.concurrent..", "io.micrometer.."))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .and()
                .resideOutsideOfPackage("dev.guildcast.session.v1..")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CLASSES);
    }
}
