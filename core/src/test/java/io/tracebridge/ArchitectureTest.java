/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the import table: which feature may know which. */
class ArchitectureTest {
    private static final String BASE = "io.tracebridge";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @ParameterizedTest
    @CsvSource({
        "settings, ''",
        "scrub, ''",
        "metrics, ''",
        "context, settings scrub",
        "error, settings scrub metrics context",
        "sampling, settings scrub metrics context",
        "delivery, settings metrics",
        "sentry, settings scrub metrics context error delivery",
        "otlp, settings scrub metrics delivery",
        "console, settings scrub error",
        "sdk, settings metrics context sampling otlp"
    })
    void feature_importsOnlyWhatTheTableAllows(String feature, String allowed) {
        String[] packages = Stream.concat(Stream.of(feature), Arrays.stream(allowed.split(" ")))
                .filter(name -> !name.isEmpty())
                .map(name -> BASE + "." + name + "..")
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> foreign =
                DescribedPredicate.not(resideInAPackage(BASE + "..")).or(resideInAnyPackage(packages));
        classes()
                .that()
                .resideInAPackage(BASE + "." + feature + "..")
                .should()
                .onlyDependOnClassesThat(foreign)
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void facade_isImportedByNobody() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE)
                .check(CLASSES);
    }

    @Test
    void internals_stayInTheirFeature() {
        slices().matching(BASE + ".(*).internal..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({"io.sentry.., sentry", "okhttp3.., delivery"})
    void library_isTouchedInOnePlaceOnly(String library, String feature) {
        // the facade hands the application its SentryOptions callback and nothing else
        noClasses()
                .that()
                .resideInAPackage(BASE + ".*..")
                .and()
                .resideOutsideOfPackage(BASE + "." + feature + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
