@echo off
rem Starts Oligoscope on this computer; nothing is installed.
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
set PYTHONUTF8=1
set PYTHONDONTWRITEBYTECODE=1
if exist "%HERE%python\python.exe" (
  "%HERE%python\python.exe" "%HERE%start.py" %*
  goto ended
)
where py >nul 2>nul && py -@PYTHON@ -c "" >nul 2>nul && (
  py -@PYTHON@ -s "%HERE%start.py" %*
  goto ended
)
where python >nul 2>nul && (
  python -s "%HERE%start.py" %*
  goto ended
)
echo Python @PYTHON@ was not found. Install it for your own account, or ask for the zip with Python inside.
exit /b 2
:ended
if errorlevel 1 pause
