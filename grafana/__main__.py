"""Write the generated files into this folder."""

from grafana.files import files

if __name__ == "__main__":
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
